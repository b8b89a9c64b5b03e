import { type Kysely, sql } from 'kysely'
import type { Problem } from '../../model/problem.ts'
import { type RunOutcome, runOutcomeLetters } from '../../model/run.ts'
import type { Schema } from '../schema-types.ts'

/** An asset of a run: `place` in the arrays of the batch `number`, and its letter of `runOutcomeLetters`. */
export interface RunAssetRow {
  readonly number: number
  readonly place: number
  readonly path: string
  readonly uuid: string | null
  readonly revision: number
  readonly outcome: string
}

/** Where an asset stands in a run; places count from 1. */
export type RunPlace = Pick<RunAssetRow, 'number' | 'place'>

/**
 * The next assets of a run after a place, in the order in which they were taken: the join walks the batches in order and stops at the limit.
 * Batches without a wanted outcome are passed over without reading their arrays.
 */
export async function listRunAssets(
  db: Kysely<Schema>,
  id: string,
  outcomes: readonly RunOutcome[],
  after: RunPlace,
  limit: number,
): Promise<RunAssetRow[]> {
  const letters = outcomes.map((outcome) => runOutcomeLetters[outcome]).join('')
  const { rows } = await sql<RunAssetRow>`
    select e.number, e.place, e.path, a.uuid, e.revision, e.outcome from (
      select b.number, f.*, substr(b.outcomes, f.place::integer, 1) as outcome from (
        select * from assay.run_batch where run_id = ${id} and number >= ${after.number} and outcomes <> translate(outcomes, ${letters}, '')
        order by number
      ) b cross join lateral unnest(b.assets, b.revisions, b.paths) with ordinality as f(id, revision, path, place)
      where (b.number > ${after.number} or f.place > ${after.place}) and position(substr(b.outcomes, f.place::integer, 1) in ${letters}) > 0
      limit ${limit}
    ) e left join assay.asset a on a.id = e.id order by e.number, e.place`.execute(db)
  return rows
}

/** The problems of assets of a run that failed, by batch and place: `problems.get(number)?.get(place)`. */
export async function readRunProblems(
  db: Kysely<Schema>,
  id: string,
  rows: readonly RunAssetRow[],
): Promise<Map<number, Map<number, readonly Problem[]>>> {
  const numbers = new Set(rows.filter((row) => row.outcome === runOutcomeLetters.failed).map((row) => row.number))
  if (numbers.size === 0) return new Map()
  const batches = await db
    .selectFrom('assay.run_batch')
    .where('run_id', '=', id)
    .where('number', 'in', [...numbers])
    .select(['number', 'failures'])
    .execute()
  return new Map(batches.map(({ number, failures }) => [number, parseFailures(failures)]))
}

function parseFailures(ndjson: string): Map<number, readonly Problem[]> {
  const lines = ndjson.split('\n').filter((line) => line !== '')
  const failures = lines.map((line) => JSON.parse(line) as { readonly place: number; readonly problems: readonly Problem[] })
  return new Map(failures.map(({ place, problems }) => [place, problems]))
}
