import { readDocument } from '../../src/dita/read-document.ts'
import type { DocumentReading } from '../../src/dita/reading.ts'
import { type Candidate, type ResolvedReference, resolveReferences } from '../../src/dita/resolve/resolve-references.ts'
import { foldKey } from '../../src/model/fold-hash.ts'

/** Reads a source that must be readable. */
export function readSource(source: string, name = 'a.dita'): DocumentReading {
  const { reading, failure } = readDocument(`/content/dam/${name}`, Buffer.from(source))
  if (reading === null) throw new Error(`${failure.code}: ${failure.message}`)
  return reading
}

/** A topic `t` around `body`. */
export function topic(body: string, more = ''): string {
  return `<topic id="t"><title>T</title>${more}<body>${body}</body></topic>`
}

/** Observations as `kind subject detail`. */
export function observed(reading: DocumentReading): string[] {
  return reading.observations.map(({ kind, subject, detail }) => [kind, subject, detail].join(' ').trim())
}

/** Reads files (name below /content/dam → source) and resolves the references of the first against all. */
export function resolveFirst(files: Readonly<Record<string, string>>): ResolvedReference[] {
  const readings = Object.entries(files).map(([name, source]) => readSource(source, name))
  const candidates = Map.groupBy(
    readings.map(({ path, type, targets }): Candidate => ({ path, type, known: true, failed: false, targets })),
    ({ path }) => foldKey(path),
  )
  return resolveReferences(readings[0]!, (key) => candidates.get(key) ?? [])
}
