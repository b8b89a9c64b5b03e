import type { Kysely } from 'kysely'
import { statusListPiecesAhead } from '../../model/status-list-limits.ts'
import type { Schema } from '../schema-types.ts'

/** A piece of a finished list, without its bytes: how many assets it holds, and of each status (in the order of `assetStatuses`). */
export interface StatusListChunk {
  readonly number: number
  readonly assets: number
  /** Of its JSON. */
  readonly bytes: number
  readonly counts: readonly number[]
}

/** What the pieces of a job's list hold, in order. */
export function listStatusListChunks(db: Kysely<Schema>, jobId: string): Promise<StatusListChunk[]> {
  return db
    .selectFrom('assay.status_job_chunk')
    .where('job_id', '=', jobId)
    .select(['number', 'assets', 'bytes', 'counts'])
    .orderBy('number')
    .execute()
}

/**
 * The stored bytes of those pieces, one query each so that few are in memory: one that is sent and the next ones. Each is a gzip
 * member of JSON objects separated (and, but for the first of the job, preceded) by commas. Throws if the list was removed meanwhile.
 */
export async function* readStatusList(db: Kysely<Schema>, jobId: string, numbers: Iterable<number>): AsyncGenerator<Uint8Array> {
  const ahead: Promise<Uint8Array>[] = []
  for (const number of numbers) {
    const piece = readPiece(db, jobId, number)
    // Whoever stops in between never asks for it.
    piece.catch(Boolean)
    if (ahead.push(piece) > statusListPiecesAhead) yield await ahead.shift()!
  }
  for (const piece of ahead) yield await piece
}

async function readPiece(db: Kysely<Schema>, jobId: string, number: number): Promise<Uint8Array> {
  const row = await db
    .selectFrom('assay.status_job_chunk')
    .where('job_id', '=', jobId)
    .where('number', '=', number)
    .select('gzip')
    .executeTakeFirst()
  if (!row) throw new StatusListGoneError(`Piece ${number} of the list of job ${jobId} is gone.`)
  return row.gzip
}

/** The list expired while it was being read. */
export class StatusListGoneError extends Error {
  override readonly name = 'StatusListGoneError'
}
