import { sql, type Transaction } from 'kysely'
import { covers } from '../../model/asset-path.ts'
import { compareBytewise, hasCoveringAncestor, type PathRange, subtractPaths } from '../../model/path-ranges.ts'
import type { RunScope } from '../../model/run.ts'
import { runScanAssets } from '../../model/run-limits.ts'
import type { DatabaseConnection } from '../database.ts'
import type { Schema } from '../schema-types.ts'
import { rangesAfter } from './plan-run.ts'
import { walkInOrder } from './walk-in-order.ts'

/** Stretches of stored paths that one exclusion takes away. */
interface ExcludedRange extends PathRange {
  readonly exclusion: number
}

/**
 * How many assets each exclusion takes from a run, in their order; the scope is in stored spelling. One that repeats another or lies below it
 * takes none, one above the whole run takes all. All of them are counted in one walk, in pieces as by `countRun`.
 */
export async function countExcluded({ transaction }: Pick<DatabaseConnection, 'transaction'>, scope: RunScope): Promise<number[]> {
  const counts = scope.excluded.map(() => 0)
  for (let left = excludedRanges(scope); left.length > 0; ) {
    const rows = await transaction((trx) => countPiece(trx, left))
    for (const { exclusion, assets } of rows) counts[exclusion]! += assets
    const looked = rows.reduce((sum, { assets }) => sum + assets, 0)
    if (looked < runScanAssets) break
    left = rangesAfter(
      left,
      rows.map((row) => row.last_path).reduce((a, b) => (compareBytewise(a, b) < 0 ? b : a)),
    )
  }
  return counts
}

function excludedRanges({ path, excluded }: RunScope): ExcludedRange[] {
  const set = new Set(excluded)
  const above = excluded.findIndex((one) => covers(one, path) && !hasCoveringAncestor(one, set))
  if (above !== -1) return subtractPaths([path], []).map((range) => ({ ...range, exclusion: above }))
  const inside = [...set].filter((one) => covers(path, one) && !hasCoveringAncestor(one, set))
  const numbers = new Map(excluded.map((one, exclusion) => [one, exclusion] as const).reverse())
  return inside
    .flatMap((one) => subtractPaths([one], []).map((range) => ({ ...range, exclusion: numbers.get(one)! })))
    .sort((a, b) => compareBytewise(a.lo, b.lo))
}

async function countPiece(trx: Transaction<Schema>, ranges: readonly ExcludedRange[]) {
  await walkInOrder(trx)
  const { rows } = await sql<{ exclusion: number; assets: number; last_path: string }>`
    select exclusion, count(*) as assets, max(path) as last_path from (
      select s.exclusion, f.path from unnest(${ranges.map(({ lo }) => lo)}::text[], ${ranges.map(({ hi }) => hi)}::text[],
        ${ranges.map(({ exclusion }) => exclusion)}::integer[]) as s(lo, hi, exclusion)
      cross join lateral (
        select path from assay.asset i where i.path >= s.lo and i.path < s.hi order by i.path limit ${runScanAssets}
      ) f limit ${runScanAssets}
    ) found group by exclusion`.execute(trx)
  return rows
}
