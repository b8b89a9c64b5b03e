import { sql, type Transaction } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import type { CurrentResolution } from '../../processing/ports.ts'
import { textList } from '../binary-lists.ts'
import type { Schema } from '../schema-types.ts'

/**
 * Writes how references stand now, where the result is still the one they were resolved from, and its asset at the same path, and gives how many were written. The counts of the
 * asset follow only while its status speaks of that result.
 *
 * Each step carries on all that the next one needs: PostgreSQL compares two lists of 500 that are joined row by row (54 ms, of 20).
 */
export async function saveResolutions(trx: Transaction<Schema>, resolutions: readonly CurrentResolution[]): Promise<number> {
  const { rows } = await sql<{ written: number }>`
    with input as (
      select * from unnest(${resolutions.map((r) => r.id)}::bigint[], ${resolutions.map((r) => r.path)}::text[],
        ${resolutions.map((r) => r.revision)}::integer[],
        ${textList(resolutions.map((r) => r.states))}::text[], ${textList(resolutions.map((r) => r.problems))}::text[],
        ${resolutions.map((r) => r.problemCounts.warning)}::integer[], ${resolutions.map((r) => r.problemCounts.info)}::integer[])
        as i(id, path, revision, states, problems, warnings, infos)
    ), locked as (
      select i.* from assay.asset a join input i on i.id = a.id and i.path = a.path order by a.id for update of a
    ), written as (
      update assay.asset_result r set reference_states = l.states, reference_problems = l.problems
      from locked l where r.asset_id = l.id and r.revision = l.revision
      returning r.asset_id, r.revision, r.own_warnings + l.warnings as warnings, r.own_infos + l.infos as infos
    ), counted as (
      update assay.asset a set warning_count = w.warnings, info_count = w.infos from written w
      where a.id = w.asset_id and a.revision = w.revision and a.status = ${assetStatuses.indexOf('SUCCESS')}
        and (a.warning_count, a.info_count) is distinct from (w.warnings, w.infos)
    )
    select count(*) as written from written`.execute(trx)
  return rows[0]!.written
}
