import { sql, type Transaction } from 'kysely'
import type { PathRange } from '../../model/path-ranges.ts'
import type { Schema } from '../schema-types.ts'
import { lookedAt } from './find-run-candidates.ts'
import { walkInOrder } from './walk-in-order.ts'

/** Paths of ignored assets. */
export interface IgnoredPaths {
  readonly paths: readonly string[]
  /** Up to here everything has been looked at; `null`: to the end. */
  readonly lastPath: string | null
}

/** The ignored ones among the first `looked` assets in the ranges. */
export async function listIgnoredPaths(trx: Transaction<Schema>, ranges: readonly PathRange[], looked: number): Promise<IgnoredPaths> {
  await walkInOrder(trx)
  const { rows } = await sql<{ paths: string[] | null; assets: number; last_path: string | null }>`
    select array_agg(path) filter (where is_ignored) as paths, count(*) as assets, max(path) as last_path
    from ${lookedAt(ranges, looked)} a`.execute(trx)
  const { paths, assets, last_path } = rows[0]!
  return { paths: paths ?? [], lastPath: assets < looked ? null : last_path }
}
