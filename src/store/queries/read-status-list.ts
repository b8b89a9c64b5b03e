import type { Kysely } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** A piece of a finished list, without its bytes: how many assets it holds, and of each status (in the order of `assetStatuses`). */
export interface StatusListChunk {
  readonly number: number
  readonly assets: number
  readonly counts: readonly number[]
}

/** What the pieces of a job's list hold, in order. */
export function listStatusListChunks(db: Kysely<Schema>, jobId: string): Promise<StatusListChunk[]> {
  return db
    .selectFrom('assay.status_job_chunk')
    .where('job_id', '=', jobId)
    .select(['number', 'assets', 'counts'])
    .orderBy('number')
    .execute()
}

/**
 * The stored bytes of those pieces, one query each so that no more than one is in memory: each a gzip member of JSON objects separated
 * (and, but for the first of the job, preceded) by commas. Throws if the list was removed meanwhile.
 */
export async function* readStatusList(db: Kysely<Schema>, jobId: string, numbers: Iterable<number>): AsyncGenerator<Uint8Array> {
  for (const number of numbers) {
    const row = await db
      .selectFrom('assay.status_job_chunk')
      .where('job_id', '=', jobId)
      .where('number', '=', number)
      .select('gzip')
      .executeTakeFirst()
    if (!row) throw new StatusListGoneError(`Piece ${number} of the list of job ${jobId} is gone.`)
    yield row.gzip
  }
}

/** The list expired while it was being read. */
class StatusListGoneError extends Error {
  override readonly name = 'StatusListGoneError'
}
