import { sql, type Transaction } from 'kysely'
import { assetTypes } from '../../model/asset-type.ts'
import { compareBytewise, type PathRange } from '../../model/path-ranges.ts'
import type { RunFilter } from '../../model/run.ts'
import { runScanAssets } from '../../model/run-limits.ts'
import type { DatabaseConnection } from '../database.ts'
import type { Schema } from '../schema-types.ts'
import { lookedAt } from './find-run-candidates.ts'
import { rangesAfter } from './plan-run.ts'
import { runConditions } from './run-filter.ts'
import { walkInOrder } from './walk-in-order.ts'

/** Assets in some ranges: those that pass a filter by type (in the order of `assetTypes`), the others by the part of it that does not hold. */
export interface RunCounts {
  readonly passing: readonly number[]
  /** Path rules leave them out. */
  readonly ignored: number
  readonly type: number
  readonly created: number
  readonly selection: number
}

interface CountRow {
  readonly verdict: 'passing' | 'type' | 'created' | 'selection' | 'later' | 'ignored'
  readonly type: number
  readonly assets: number
  readonly last_path: string
}

/** Counts in pieces of `runScanAssets`, each a transaction of its own: on the embedded database nobody waits longer than for one. */
export async function countRun(
  { transaction }: Pick<DatabaseConnection, 'transaction'>,
  ranges: readonly PathRange[],
  filter: RunFilter & { readonly receivedBefore: Date | null },
  signal?: AbortSignal,
): Promise<RunCounts> {
  const counts = { passing: assetTypes.map(() => 0), ignored: 0, type: 0, created: 0, selection: 0 }
  for (let left = [...ranges]; left.length > 0; ) {
    signal?.throwIfAborted()
    const rows = await transaction((trx) => countPiece(trx, left, filter))
    for (const { verdict, type, assets } of rows) {
      if (verdict === 'passing') counts.passing[type]! += assets
      else if (verdict !== 'later') counts[verdict] += assets
    }
    const looked = rows.reduce((sum, row) => sum + row.assets, 0)
    if (looked < runScanAssets) break
    left = rangesAfter(left, rows.map((row) => row.last_path).reduce(later))
  }
  return counts
}

async function countPiece(
  trx: Transaction<Schema>,
  ranges: readonly PathRange[],
  filter: RunFilter & { readonly receivedBefore: Date | null },
) {
  await walkInOrder(trx)
  const { type, created, selection } = runConditions(filter)
  const { rows } = await sql<CountRow>`
    select verdict, type, count(*) as assets, max(path) as last_path from (
      select a.path, a.type, case when a.is_ignored then 'ignored' when not (a.received_at < coalesce(${filter.receivedBefore}::timestamptz, now())) then 'later' when not (${type}) then 'type'
        when not (${created}) then 'created' when not (${selection}) then 'selection' else 'passing' end as verdict
      from ${lookedAt(ranges, runScanAssets)} a
    ) judged group by verdict, type`.execute(trx)
  return rows
}

function later(a: string, b: string): string {
  return compareBytewise(a, b) < 0 ? b : a
}
