import type { ProblemReport } from '../../src/checks/problem-report.ts'
import { checkDocument, describeFailure, describeReferences } from '../../src/checks/run-checks.ts'
import type { DocumentReading, ReadingFailure } from '../../src/dita/reading.ts'
import { findLoops } from '../../src/dita/resolve/loops.ts'
import { type Candidate, type ResolvedReference, resolveReferences } from '../../src/dita/resolve/resolve-references.ts'
import { readAsset } from '../../src/media/read-asset.ts'
import { foldKey } from '../../src/model/fold-hash.ts'
import type { Problem } from '../../src/model/problem.ts'

/** A file of a tree: read, resolved and checked. */
export interface TreeAsset {
  readonly reading: DocumentReading | null
  readonly resolved: readonly ResolvedReference[]
  readonly problems: readonly Problem[]
  /** What the document shows by itself, and what its references show; none for a failure. */
  readonly reports: readonly ProblemReport[]
}

/** Reads all files (repository path → bytes) and resolves their references against one another, as the whole repository. */
export async function readTree(files: ReadonlyMap<string, Uint8Array>): Promise<Map<string, TreeAsset>> {
  const readings = new Map<string, DocumentReading>()
  const failures = new Map<string, ReadingFailure>()
  for (const [path, bytes] of files) {
    const { reading, failure } = await readAsset(path, bytes)
    if (failure === null) readings.set(path, reading)
    else failures.set(path, failure)
  }
  const resolved = resolveAll(readings, failures)
  return new Map(Array.from(files.keys(), (path) => [path, assetOf(readings.get(path), failures.get(path), resolved.get(path) ?? [])]))
}

function resolveAll(
  readings: ReadonlyMap<string, DocumentReading>,
  failures: ReadonlyMap<string, ReadingFailure>,
): Map<string, ResolvedReference[]> {
  const candidates = Map.groupBy(
    [
      ...Array.from(readings, ([path, { type, targets }]): Candidate => ({ path, type, known: true, failed: false, targets })),
      ...Array.from(failures, ([path, { type }]): Candidate => ({ path, type, known: true, failed: true, targets: null })),
    ],
    ({ path }) => foldKey(path),
  )
  const resolved = new Map(
    Array.from(readings, ([path, reading]) => [path, resolveReferences(reading, (key) => candidates.get(key) ?? [])]),
  )
  for (const { path, reference, code, detail } of findLoops([...readings.values()])) {
    const standing = resolved.get(path)![reference]!
    if (standing.state === 'ok') resolved.get(path)![reference] = { ...standing, state: code, detail }
  }
  return resolved
}

function assetOf(
  reading: DocumentReading | undefined,
  failure: ReadingFailure | undefined,
  resolved: readonly ResolvedReference[],
): TreeAsset {
  if (reading === undefined) return { reading: null, resolved, problems: [describeFailure(failure!)], reports: [] }
  const reports = [checkDocument(reading), describeReferences(reading.references, resolved)]
  return { reading, resolved, problems: reports.flatMap(({ problems }) => problems), reports }
}
