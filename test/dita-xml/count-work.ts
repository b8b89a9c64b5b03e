import { Session } from 'node:inspector/promises'

/** Only functions that are compiled after this count their blocks: import this file before anything scans. */
const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

/**
 * How often the blocks of the scanner run while `action` does, summed over all of them: a measure of its work that is the same on every
 * machine and in every run. Loops inside the engine (copying, decoding) are not counted.
 */
export async function countWork(action: () => void): Promise<number> {
  // Taking the counts sets them back to zero.
  await session.post('Profiler.takePreciseCoverage')
  action()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  let work = 0
  for (const { url, functions } of result) {
    if (!url.includes('/src/dita/xml/')) continue
    for (const { ranges } of functions) for (const { count } of ranges) work += count
  }
  return work
}
