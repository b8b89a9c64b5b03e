import { type Kysely, type Selectable, sql } from 'kysely'
import { maxListedExclusions } from '../../model/run-limits.ts'
import { type RunStatus, runStatuses } from '../../model/run-status.ts'
import { isUuid } from '../../model/uuid.ts'
import type { RunTable, Schema } from '../schema-types.ts'

/** A run as answers show it, with the time of the database at which it was read. */
export type FoundRun = Selectable<RunTable> & { readonly now: Date }

/** The run with this id, or `null`. Any text may be asked for: what is no UUID is not found. */
export async function findRun(db: Kysely<Schema>, id: string): Promise<FoundRun | null> {
  if (!isUuid(id)) return null
  return (await selectRuns(db).where('id', '=', id).executeTakeFirst()) ?? null
}

/** Some runs, newest first. */
export interface RunPage {
  readonly runs: readonly FoundRun[]
  /** There are more after these. */
  readonly hasMore: boolean
}

/**
 * The next runs before the one with that `seq`: `limit` of them, or fewer where they have many exclusions, but one at least if there is one.
 */
export async function listRuns(
  db: Kysely<Schema>,
  statuses: readonly RunStatus[] | undefined,
  beforeSeq: number,
  limit: number,
): Promise<RunPage> {
  const wanted = (statuses ?? runStatuses).map((status) => runStatuses.indexOf(status))
  const sizes = await db
    .selectFrom('assay.run')
    .where('seq', '<', beforeSeq)
    .where('status', 'in', wanted)
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .select(['seq', sql<number>`cardinality(excluded)`.as('exclusions')])
    .execute()
  const seqs: number[] = []
  let listed = 0
  for (const { seq, exclusions } of sizes.slice(0, limit)) {
    if (listed >= maxListedExclusions) break
    seqs.push(seq)
    listed += exclusions
  }
  const runs = seqs.length === 0 ? [] : await selectRuns(db).where('seq', 'in', seqs).orderBy('seq', 'desc').execute()
  return { runs, hasMore: seqs.length < sizes.length }
}

function selectRuns(db: Kysely<Schema>) {
  return db.selectFrom('assay.run').selectAll().select(sql<Date>`clock_timestamp()`.as('now'))
}
