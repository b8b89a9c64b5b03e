import { promisify } from 'node:util'
import { gunzip, gzipSync } from 'node:zlib'
import type { Kysely } from 'kysely'
import { readStatusList } from '../../../store/queries/read-status-list.ts'
import type { Schema } from '../../../store/schema-types.ts'
import type { SmallList } from '../../../store/status-job-reader.ts'

const gunzipAsync = promisify(gunzip)

/**
 * The whole answer of a finished job. With `gzip`, the stored pieces go out untouched between a head and a tail of some bytes each:
 * members one after another are one gzip file (RFC 1952, section 2.2). Without, each piece is unpacked off the main thread.
 */
export async function* streamStatusList(
  db: Kysely<Schema>,
  jobId: string,
  numbers: readonly number[],
  gzip: boolean,
): AsyncGenerator<Uint8Array> {
  const head = Buffer.from(listHead(jobId))
  const tail = Buffer.from(listTail)
  yield gzip ? gzipSync(head) : head
  for await (const piece of readStatusList(db, jobId, numbers)) yield gzip ? piece : await gunzipAsync(piece)
  yield gzip ? gzipSync(tail) : tail
}

/** The whole answer of a finished job with a small list. */
export function joinStatusList(jobId: string, { json, gzip: member }: SmallList, gzip: boolean): Uint8Array {
  const [head, tail] = [Buffer.from(listHead(jobId)), Buffer.from(listTail)]
  return Buffer.concat(gzip ? [gzipSync(head), member, gzipSync(tail)] : [head, json, tail])
}

/** What stands before the assets. The keys are in the order of the contract. */
export function listHead(jobId: string): string {
  return `{"jobId":${JSON.stringify(jobId)},"status":"SUCCESS","assets":[`
}

/** What stands after the assets. */
export const listTail = ']}'
