import { sql, type Transaction } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import type { PostProcessOrder } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

/** What is now known of assets whose decision differs from what stands in their row. */
export interface AppliedSlice {
  /** Newly enabled assets that wait for post-processing. */
  readonly orders: readonly PostProcessOrder[]
  readonly changed: number
}

interface ChangedRow extends PostProcessOrder {
  readonly status: number
  readonly is_ignored: boolean
}

/**
 * Writes the decisions on a slice of assets, where they are still at their paths, and where the next slice begins (`null`: there is none);
 * all of it only if the rules still have that version and the slice is still the next one, else `null`. References to what changed are
 * resolved again: nobody waits for the result of an asset that is ignored.
 */
export async function applyDecisions(
  trx: Transaction<Schema>,
  at: { readonly version: number; readonly after: string },
  differing: readonly { readonly id: number; readonly path: string; readonly is_ignored: boolean }[],
  next: string | null,
): Promise<AppliedSlice | null> {
  const current = await trx
    .selectFrom('assay.path_rules')
    .select(['version', 'recheck', 'recheck_after'])
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (current.version !== at.version || current.recheck_after !== at.after || current.recheck === null) return null
  const rows = differing.length === 0 ? [] : await flip(trx, differing)
  const ignored = rows.filter((row) => row.is_ignored).length
  await trx
    .updateTable('assay.path_rules')
    .set({
      ...(next === null ? { recheck: null, recheck_after: '' } : { recheck_after: next }),
      newly_ignored: sql<number>`newly_ignored + ${ignored}`,
      newly_enabled: sql<number>`newly_enabled + ${rows.length - ignored}`,
    })
    .execute()
  const isDue = (row: ChangedRow) => !row.is_ignored && row.status === assetStatuses.indexOf('PENDING')
  return { orders: rows.filter(isDue).map(({ id, revision }) => ({ id, revision })), changed: rows.length }
}

async function flip(
  trx: Transaction<Schema>,
  differing: readonly { id: number; path: string; is_ignored: boolean }[],
): Promise<ChangedRow[]> {
  const { rows } = await sql<ChangedRow>`
    with due as (
      select a.id, i.is_ignored from assay.asset a
      join unnest(${differing.map(({ id }) => id)}::bigint[], ${differing.map(({ path }) => path)}::text[],
        ${differing.map(({ is_ignored }) => is_ignored)}::boolean[]) as i(id, path, is_ignored)
        on a.id = i.id and a.path = i.path and a.is_ignored <> i.is_ignored
      order by a.id for update of a
    ), changed as (
      update assay.asset a set is_ignored = d.is_ignored from due d where a.id = d.id
      returning a.id, a.revision, a.status, a.is_ignored, a.fold_hash
    ), told as (
      insert into assay.target_change (target, existence) select fold_hash, true from changed
    )
    select id, revision, status, is_ignored from changed`.execute(trx)
  return rows
}
