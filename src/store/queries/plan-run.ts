import type { Kysely } from 'kysely'
import { pathKey } from '../../model/asset-path.ts'
import { compareBytewise, type PathRange, subtractPaths } from '../../model/path-ranges.ts'
import type { RunScope } from '../../model/run.ts'
import type { Schema } from '../schema-types.ts'
import { findStoredPaths } from './find-stored-paths.ts'

/** Where a run looks for assets. */
export interface RunPlan {
  /** Stretches of stored paths, disjoint and in order. */
  readonly ranges: readonly PathRange[]
  /** The scope in stored spelling; the exclusions are in the order given. */
  readonly stored: RunScope
}

/** Turns the scope of a run into stretches of stored paths, whatever Unicode form it was given in; `null` where nothing is at its path. */
export async function planRun(db: Kysely<Schema>, { path, excluded }: RunScope): Promise<RunPlan | null> {
  const found = await findStoredPaths(db, [path, ...excluded])
  const root = path === '/' ? path : found.get(pathKey(path))?.path
  if (root === undefined) return null
  const stored = { path: root, excluded: excluded.map((one) => found.get(pathKey(one))?.path ?? one) }
  return { ranges: subtractPaths([root], stored.excluded), stored }
}

/** What of the next stretch on is left after everything up to `lastPath`. */
export function rangesAfter<Range extends PathRange>(ranges: readonly Range[], lastPath: string): Range[] {
  const rest = `${lastPath}\u0001`
  return ranges
    .filter(({ hi }) => compareBytewise(rest, hi) < 0)
    .map((range) => (compareBytewise(rest, range.lo) <= 0 ? range : { ...range, lo: rest }))
}
