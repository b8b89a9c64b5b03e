import { sql, type Transaction } from 'kysely'
import type { PathRange } from '../../model/path-ranges.ts'
import type { RunFilter } from '../../model/run.ts'
import type { Schema } from '../schema-types.ts'
import { runConditions } from './run-filter.ts'
import { walkInOrder } from './walk-in-order.ts'

/** The next assets for a run. */
export interface RunCandidates {
  /** In path order. */
  readonly ids: readonly number[]
  /** Up to here everything has been looked at; `null`: to the end. */
  readonly lastPath: string | null
}

/** How much a search may give, and how many assets it may look at. */
export interface SearchLimits {
  readonly assets: number
  readonly looked: number
}

/** The first assets in the ranges that pass the filter, that no path rule ignores, and that were received before that moment. One statement, or two where few pass. */
export async function findRunCandidates(
  trx: Transaction<Schema>,
  ranges: readonly PathRange[],
  filter: RunFilter & { readonly receivedBefore: Date },
  limits: SearchLimits,
): Promise<RunCandidates> {
  if (ranges.length === 0) return { ids: [], lastPath: null }
  await walkInOrder(trx)
  const { type, created, selection } = runConditions(filter)
  const { rows } = await sql<{ ids: number[] | null; last_path: string | null }>`
    select array_agg(id order by path) as ids, max(path) as last_path from (
      select a.id, a.path from ${lookedAt(ranges, limits.looked)} a
      where not a.is_ignored and a.received_at < ${filter.receivedBefore} and ${type} and ${created} and ${selection} limit ${limits.assets}
    ) found`.execute(trx)
  const { ids, last_path } = rows[0]!
  if (ids?.length === limits.assets) return { ids, lastPath: last_path }
  return { ids: ids ?? [], lastPath: await lastLookedAt(trx, ranges, limits.looked) }
}

/** The lateral join walks the ranges in order and stops at the limit. */
export function lookedAt(ranges: readonly PathRange[], limit: number) {
  return sql`(
    select f.* from unnest(${ranges.map(({ lo }) => lo)}::text[], ${ranges.map(({ hi }) => hi)}::text[]) as s(lo, hi)
    cross join lateral (
      select id, path, type, status, is_ignored, created_at, received_at from assay.asset i where i.path >= s.lo and i.path < s.hi order by i.path limit ${limit}
    ) f limit ${limit})`
}

async function lastLookedAt(trx: Transaction<Schema>, ranges: readonly PathRange[], looked: number): Promise<string | null> {
  const { rows } = await sql<{ path: string }>`
    select a.path from ${lookedAt(ranges, looked)} a offset ${looked - 1} limit 1`.execute(trx)
  return rows[0]?.path ?? null
}
