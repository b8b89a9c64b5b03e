import { type Kysely, type Selectable, sql } from 'kysely'
import { type RunStatus, runStatuses } from '../../model/run-status.ts'
import type { RunTable, Schema } from '../schema-types.ts'

/** A run as answers show it, with the time of the database at which it was read. */
export type FoundRun = Selectable<RunTable> & { readonly now: Date }

/** The run with this id, or `null`. Any text may be asked for: what is no UUID is not found. */
export async function findRun(db: Kysely<Schema>, id: string): Promise<FoundRun | null> {
  if (!isRunId(id)) return null
  return (await selectRuns(db).where('id', '=', id).executeTakeFirst()) ?? null
}

/** Whether the text could be the id of a run. */
export function isRunId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

/** The next runs before the one with that `seq`, newest first. */
export function listRuns(
  db: Kysely<Schema>,
  statuses: readonly RunStatus[] | undefined,
  beforeSeq: number,
  limit: number,
): Promise<FoundRun[]> {
  const wanted = statuses ?? runStatuses
  return selectRuns(db)
    .where('seq', '<', beforeSeq)
    .where(
      'status',
      'in',
      wanted.map((status) => runStatuses.indexOf(status)),
    )
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
}

function selectRuns(db: Kysely<Schema>) {
  return db.selectFrom('assay.run').selectAll().select(sql<Date>`clock_timestamp()`.as('now'))
}
