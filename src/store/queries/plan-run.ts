import type { Kysely } from 'kysely'
import { pathKey } from '../../model/asset-path.ts'
import { compareBytewise, type PathRange, subtractPaths } from '../../model/path-ranges.ts'
import type { RunScope } from '../../model/run.ts'
import type { Schema } from '../schema-types.ts'
import { findStoredPaths } from './find-stored-paths.ts'

/** Where a run looks for assets: stretches of stored paths, disjoint and in order. */
export interface RunPlan {
  readonly ranges: readonly PathRange[]
  /** The stretches that each exclusion takes away, in the order given; an exclusion below another takes nothing more. */
  readonly holes: readonly (readonly PathRange[])[]
}

/** Turns the scope of a run into stretches of stored paths, whatever Unicode form it was given in; `null` where nothing is at its path. */
export async function planRun(db: Kysely<Schema>, { path, excluded }: RunScope): Promise<RunPlan | null> {
  const stored = await findStoredPaths(db, [path, ...excluded])
  const root = path === '/' ? path : stored.get(pathKey(path))?.path
  if (root === undefined) return null
  const holes = excluded.map((one) => stored.get(pathKey(one))?.path ?? one)
  return { ranges: subtractPaths([root], holes), holes: holes.map((hole, index) => rangesOfHole(root, hole, holes, index)) }
}

/** What of the next stretch on is left after everything up to `lastPath`. */
export function rangesAfter(ranges: readonly PathRange[], lastPath: string): PathRange[] {
  const rest = `${lastPath}\u0001`
  return ranges
    .filter(({ hi }) => compareBytewise(rest, hi) < 0)
    .map(({ lo, hi }) => (compareBytewise(rest, lo) <= 0 ? { lo, hi } : { lo: rest, hi }))
}

/** An exclusion above the whole path takes all of it; of equal ones the first does. */
function rangesOfHole(root: string, hole: string, holes: readonly string[], index: number): PathRange[] {
  const without = (paths: readonly string[]) => subtractPaths([root], paths)
  const before = holes.slice(0, index)
  const above = holes.filter((other) => other !== hole && hole.startsWith(`${other}/`))
  if (before.includes(hole) || above.length > 0) return []
  const isAll = without([hole]).length === 0
  return isAll ? without([]) : subtractPaths([hole], []).filter(({ lo }) => root === '/' || lo === root || lo.startsWith(`${root}/`))
}
