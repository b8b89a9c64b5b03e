import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const command = 'xmllint'
/** Times that one process reads every document, so that its start and the resolution of its clock (1 ms) count little. */
const timesInARun = 5

/** Native libxml2 on files that lie in the page cache. */
export interface Xmllint extends Disposable {
  /** Reads every document once and gives the microseconds of CPU that it took, without those of its start. */
  run(): number
}

/** `xmllint --noout` over these documents: well-formedness alone, each as a tree. `null` where it is not installed: it is no part of this package. */
export function openXmllint(documents: readonly Uint8Array[]): Xmllint | null {
  if (spawnSync(command, ['--version']).error !== undefined) return null
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-xml-'))
  const files = documents.map((document, index) => {
    const file = join(folder, `${index}.xml`)
    writeFileSync(file, document)
    return file
  })
  const all = Array.from({ length: timesInARun }, () => files).flat()
  const start = Math.min(...Array.from({ length: 5 }, () => cpuMicroseconds(files.slice(0, 1))))
  return {
    run: () => Math.max(1, cpuMicroseconds(all) - start) / timesInARun,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

/** The shell tells the CPU time of its children as seconds: user, then system. */
function cpuMicroseconds(files: readonly string[]): number {
  const script = `TIMEFORMAT='%U %S'; time xargs ${command} --noout --nonet 2>/dev/null`
  const { stderr } = spawnSync('bash', ['-c', script], { input: files.join('\n'), encoding: 'utf8' })
  const seconds = stderr.trim().split(' ').map(Number)
  return seconds.reduce((sum, part) => sum + part, 0) * 1_000_000
}
