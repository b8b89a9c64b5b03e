import { sql, type Transaction } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import { runOutcomeLetters } from '../../model/run.ts'
import { maxRunProblems } from '../../model/run-limits.ts'
import type { Schema } from '../schema-types.ts'

/** A batch of a run with the outcomes that were known and those that are known now. */
export interface FollowedBatch {
  readonly number: number
  readonly before: string
  readonly outcomes: string
  readonly taken_at: Date
}

const { open, succeeded, failed, replaced, deleted } = runOutcomeLetters

/**
 * How the assets of the open batches stand. An asset that was settled at its revision, has another one, or is gone, is done for the run;
 * so is one that waits and that path rules have come to ignore. Only those that are not done are looked up, one by one: 2,000 of them take
 * 4 ms, a seventh of what a join over all batches took.
 */
export async function followRun(trx: Transaction<Schema>, id: string, firstOpen: number): Promise<FollowedBatch[]> {
  const { rows } = await sql<FollowedBatch>`
    select b.number, b.taken_at, b.outcomes as before, (
      select string_agg(case when e.before <> ${open} then e.before when a.id is null then ${deleted}
        when a.revision <> e.revision then ${replaced} when a.status = ${assetStatuses.indexOf('SUCCESS')} then ${succeeded}
        when a.status = ${assetStatuses.indexOf('FAILURE')} then ${failed}
        when a.is_ignored and a.status = ${assetStatuses.indexOf('PENDING')} then ${replaced} else ${open} end, '' order by e.place)
      from unnest(b.assets, b.revisions, string_to_array(b.outcomes, null)) with ordinality as e(id, revision, before, place)
      left join lateral (
        select id, revision, status, is_ignored from assay.asset i where i.id = e.id and e.before = ${open} limit 1
      ) a on true
    ) as outcomes
    from assay.run_batch b where b.run_id = ${id} and b.number >= ${firstOpen} and b.closed_at is null order by b.number`.execute(trx)
  return rows
}

/** An asset of a run that failed, and the first of its problems that made it fail, as JSON. */
export interface FailedEntry {
  readonly number: number
  readonly place: number
  readonly path: string
  readonly problems: string
}

/** The problems of assets that have just failed, by their places in batches (counted from 1). */
export async function readFailures(
  trx: Transaction<Schema>,
  id: string,
  places: readonly { readonly number: number; readonly place: number }[],
): Promise<FailedEntry[]> {
  if (places.length === 0) return []
  const { rows } = await sql<FailedEntry>`
    select f.number, f.place, b.paths[f.place] as path, (
        select coalesce(json_agg(p), '[]')::text from (
          select p from json_array_elements(r.problems::json) p where p ->> 'severity' = 'error' limit ${maxRunProblems}) e
      ) as problems
    from unnest(${places.map(({ number }) => number)}::integer[], ${places.map(({ place }) => place)}::integer[]) as f(number, place)
    join assay.run_batch b on b.run_id = ${id} and b.number = f.number
    left join assay.asset_result r on r.asset_id = b.assets[f.place] and r.revision = b.revisions[f.place]
    order by f.number, f.place`.execute(trx)
  return rows
}

/** What is written about a batch once some of its assets came to an end. */
export interface BatchUpdate {
  readonly number: number
  readonly outcomes: string
  /** NDJSON, to be added. */
  readonly failures: string
}

/** Keeps outcomes, and closes the batches that have no open one left. */
export async function saveOutcomes(trx: Transaction<Schema>, id: string, updates: readonly BatchUpdate[]): Promise<void> {
  if (updates.length === 0) return
  await sql`
    update assay.run_batch b set outcomes = i.outcomes, failures = b.failures || i.failures,
      closed_at = case when i.outcomes !~ '[.W]' then clock_timestamp() end
    from unnest(${updates.map(({ number }) => number)}::integer[], ${updates.map(({ outcomes }) => outcomes)}::text[],
      ${updates.map(({ failures }) => failures)}::text[]) as i(number, outcomes, failures)
    where b.run_id = ${id} and b.number = i.number`.execute(trx)
}
