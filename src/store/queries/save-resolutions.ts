import { sql, type Transaction } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import type { CurrentResolution } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

/**
 * Writes how references stand now, where the result is still the one they were resolved from. The counts of the asset follow only while
 * its status speaks of that result.
 */
export async function saveResolutions(trx: Transaction<Schema>, resolutions: readonly CurrentResolution[]): Promise<number> {
  if (resolutions.length === 0) return 0
  const { rows } = await sql<{ written: number }>`
    with input as (
      select * from unnest(${resolutions.map((r) => r.id)}::bigint[], ${resolutions.map((r) => r.revision)}::integer[],
        ${resolutions.map((r) => r.states)}::text[], ${resolutions.map((r) => r.problems)}::text[],
        ${resolutions.map((r) => r.problemCounts.warning)}::integer[], ${resolutions.map((r) => r.problemCounts.info)}::integer[])
        as i(id, revision, states, problems, warnings, infos)
    ), locked as (
      select a.id from assay.asset a join input i on i.id = a.id order by a.id for update of a
    ), written as (
      update assay.asset_result r set reference_states = i.states, reference_problems = i.problems
      from input i join locked l on l.id = i.id where r.asset_id = i.id and r.revision = i.revision
      returning r.asset_id, r.revision, r.own_warnings + i.warnings as warnings, r.own_infos + i.infos as infos
    ), counted as (
      update assay.asset a set warning_count = w.warnings, info_count = w.infos from written w
      where a.id = w.asset_id and a.revision = w.revision and a.status = ${assetStatuses.indexOf('SUCCESS')}
        and (a.warning_count, a.info_count) is distinct from (w.warnings, w.infos)
    )
    select count(*) as written from written`.execute(trx)
  return rows[0]!.written
}
