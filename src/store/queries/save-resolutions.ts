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
      select a.id from assay.asset a join input i on i.id = a.id order by a.id for update of a
    ), in_loop as (
      select r.asset_id, a.fold_hash from assay.asset_result r join input i on i.id = r.asset_id and i.revision = r.revision
      join locked l on l.id = i.id join assay.asset a on a.id = i.id
      where r.reference_states <> i.states and (r.reference_states like '%\\_LOOP%' or i.states like '%\\_LOOP%')
    ), told as (
      insert into assay.target_change (target, existence) select fold_hash, false from in_loop returning id
    ), written as (
      update assay.asset_result r set reference_states = i.states, reference_problems = i.problems
      from input i join locked l on l.id = i.id where r.asset_id = i.id and r.revision = i.revision
      returning r.asset_id, r.revision, r.own_warnings + i.warnings as warnings, r.own_infos + i.infos as infos
    ), counted as (
      update assay.asset a set warning_count = w.warnings, info_count = w.infos from written w
      where a.id = w.asset_id and a.revision = w.revision and a.status = ${assetStatuses.indexOf('SUCCESS')}
        and (a.warning_count, a.info_count) is distinct from (w.warnings, w.infos)
    )
    select (select count(*) from written) as written, (select count(*) from told) as told`.execute(trx)
  const { written, told } = rows[0]!
  return { written, targetsChanged: told > 0 }
}
