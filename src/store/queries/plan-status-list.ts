import type { Kysely } from 'kysely'
import { pathKey } from '../../model/asset-path.ts'
import { comparatorOf, hasCoveringAncestor, type PathRange, subtractPaths } from '../../model/path-ranges.ts'
import type { StatusJobOrder } from '../../processing/status-job-ports.ts'
import type { Schema } from '../schema-types.ts'
import { findStoredPaths } from './find-stored-paths.ts'

/** A stretch of the list: all assets from `lo` up to `hi`, or one requested path at which there is nothing. In path order, disjoint. */
export interface ListStretch {
  readonly lo: string
  /** `null` for a missing path. */
  readonly hi: string | null
}

/**
 * Turns the paths of a job into stretches of the list. Requested paths are looked up in any Unicode form and listed as stored; a path at
 * which nothing is stored is listed as it was asked for, unless it is excluded.
 */
export async function planStatusList(db: Kysely<Schema>, job: StatusJobOrder): Promise<ListStretch[]> {
  const stored = await findStoredPaths(db, [...job.included, ...job.excluded])
  const spelled = (path: string) => stored.get(pathKey(path))?.path ?? path
  const included = job.included.map(spelled)
  const excluded = job.excluded.map(spelled)
  const ranges = subtractPaths(included, excluded)
  const missing = new Map(job.included.map((path) => [pathKey(path), path]))
  const excludedKeys = new Set(job.excluded.map(pathKey))
  for (const key of missing.keys()) {
    // Nothing is stored whose spelling both could be brought to: an exclusion in another Unicode form is told by the keys alone.
    const isExcluded = excludedKeys.has(key) || hasCoveringAncestor(key, excludedKeys)
    if (key === '/' || stored.has(key) || isExcluded) missing.delete(key)
  }
  return cutAtMissing(ranges, [...missing.values()])
}

/** Nothing is stored at or below a missing path, so it only splits the range that holds it. One outside of all ranges is excluded. */
function cutAtMissing(ranges: readonly PathRange[], unsorted: readonly string[]): ListStretch[] {
  if (unsorted.length === 0) return [...ranges]
  const compare = comparatorOf([...unsorted, ...ranges.flatMap(({ lo, hi }) => [lo, hi])])
  const missing = unsorted.toSorted(compare)
  const stretches: ListStretch[] = []
  let next = 0
  for (const range of ranges) {
    let lo = range.lo
    while (next < missing.length && compare(missing[next]!, range.hi) < 0) {
      const path = missing[next++]!
      if (compare(path, lo) < 0) continue
      if (compare(lo, path) < 0) stretches.push({ lo, hi: path })
      stretches.push({ lo: path, hi: null })
      lo = `${path}\u0001`
    }
    if (compare(lo, range.hi) < 0) stretches.push({ lo, hi: range.hi })
  }
  return stretches
}
