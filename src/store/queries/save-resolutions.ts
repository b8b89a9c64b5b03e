import { sql, type Transaction } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import type { CurrentResolution } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

/** What was written, and whether that concerns others. */
export interface SavedResolutions {
  readonly written: number
  readonly targetsChanged: boolean
}

/**
 * Writes how references stand now, where the result is still the one they were resolved from. The counts of the asset follow only while
 * its status speaks of that result.
 *
 * A loop that closes or opens concerns all its members, but only the referrers of the asset that changed are looked at again. So a member
 * that enters or leaves a loop tells its own referrers, and the news goes round until nothing changes.
 *
 * Each step carries on all that the next one needs: PostgreSQL compares two lists of 500 that are joined row by row (54 ms, of 20).
 */
export async function saveResolutions(trx: Transaction<Schema>, resolutions: readonly CurrentResolution[]): Promise<SavedResolutions> {
  if (resolutions.length === 0) return { written: 0, targetsChanged: false }
  const { rows } = await sql<{ written: number; told: number }>`
    with input as (
      select * from unnest(${resolutions.map((r) => r.id)}::bigint[], ${resolutions.map((r) => r.revision)}::integer[],
        ${resolutions.map((r) => r.states)}::text[], ${resolutions.map((r) => r.problems)}::text[],
        ${resolutions.map((r) => r.problemCounts.warning)}::integer[], ${resolutions.map((r) => r.problemCounts.info)}::integer[])
        as i(id, revision, states, problems, warnings, infos)
    ), locked as (
      select i.*, a.fold_hash from assay.asset a join input i on i.id = a.id order by a.id for update of a
    ), in_loop as (
      select l.fold_hash from assay.asset_result r join locked l on l.id = r.asset_id and l.revision = r.revision
      where r.reference_states <> l.states and (r.reference_states like '%\\_LOOP%' or l.states like '%\\_LOOP%')
    ), told as (
      insert into assay.target_change (target, existence) select fold_hash, false from in_loop returning id
    ), written as (
      update assay.asset_result r set reference_states = l.states, reference_problems = l.problems
      from locked l where r.asset_id = l.id and r.revision = l.revision
      returning r.asset_id, r.revision, r.own_warnings + l.warnings as warnings, r.own_infos + l.infos as infos
    ), counted as (
      update assay.asset a set warning_count = w.warnings, info_count = w.infos from written w
      where a.id = w.asset_id and a.revision = w.revision and a.status = ${assetStatuses.indexOf('SUCCESS')}
        and (a.warning_count, a.info_count) is distinct from (w.warnings, w.infos)
    )
    select (select count(*) from written) as written, (select count(*) from told) as told`.execute(trx)
  const { written, told } = rows[0]!
  return { written, targetsChanged: told > 0 }
}
