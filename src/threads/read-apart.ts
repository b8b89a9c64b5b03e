import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { createInterface } from 'node:readline'
import { threadStartTimeoutMs } from '../model/limits.ts'
import type { AssetReading, ContentToRead } from '../processing/ports.ts'
import { failedReading } from './failed-reading.ts'
import type { ThreadOptions } from './reader-thread.ts'

/** What the process is told: one content, and what its thread is to be opened with. */
export interface ApartOrder {
  readonly content: ContentToRead
  readonly entry: string
  readonly heapMiB: number
  readonly assetTimeoutMs: number
}

const program = new URL(`./apart${extname(import.meta.url)}`, import.meta.url)

/**
 * Reads a content, which is believed to have ended this process before, in a process of its own. Costs half a second, and cannot be wrong:
 * what ends that process is the content, while ours may have been ended by anybody. Within it a thread reads, with the same limits.
 */
export async function readApart(content: ContentToRead, { entry, onOutput, ...limits }: ThreadOptions): Promise<AssetReading> {
  const child = fork(program, [], { env: {}, execArgv: [], serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on('line', onOutput)
  const { promise, resolve, reject } = Promise.withResolvers<AssetReading>()
  // Its own thread is ended earlier, so this is for a process that hangs as a whole.
  const timer = setTimeout(() => child.kill('SIGKILL'), threadStartTimeoutMs + 2 * limits.assetTimeoutMs)
  child.once('message', (reading) => resolve(reading as AssetReading))
  child.once('error', reject)
  child.once('exit', (code, signal) => {
    const detail = `the process that read nothing else ended with ${signal ?? `code ${code}`}`
    resolve(failedReading(content.path, { code: 'PROCESSING_CRASHED', detail }))
  })
  child.send({ content, entry: entry.href, ...limits } satisfies ApartOrder, (error) => error && reject(error))
  return promise.finally(() => {
    clearTimeout(timer)
    child.kill('SIGKILL')
  })
}
