import { sql, type Transaction } from 'kysely'
import type { BlobStore, NewContent } from '../../processing/content-ports.ts'
import { DatabaseUnavailableError } from '../database-errors.ts'
import type { Schema } from '../schema-types.ts'

/** Any number: the class of these advisory locks. */
const lockClass = 407_204

/**
 * Until the end of the transaction no node removes the blobs among the contents, and they are there. One that was written before another node
 * removed it as an orphan must not be referred to: rejects, so that the sender sends it again.
 */
export async function holdBlobs(
  trx: Transaction<Schema>,
  blobs: Pick<BlobStore, 'sizeOf'>,
  contents: readonly { readonly content: NewContent }[],
): Promise<void> {
  const keys = contents.flatMap(({ content }) => ('blob' in content ? [content.blob] : []))
  if (keys.length === 0) return
  await sql`select pg_advisory_xact_lock_shared(${lockClass}::integer, hashtext(key)) from ${inOrder(keys)}`.execute(trx)
  const sizes = await Promise.all(keys.map((key) => blobs.sizeOf(key)))
  if (sizes.includes(null)) throw new DatabaseUnavailableError('A content was removed while it was received.')
}

/** Until the end of the transaction nobody begins to refer to these blobs. */
export async function lockBlobs(trx: Transaction<Schema>, keys: readonly string[]): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockClass}::integer, hashtext(key)) from ${inOrder(keys)}`.execute(trx)
}

/** By what is locked: two keys may share a lock. */
function inOrder(keys: readonly string[]) {
  return sql`(select key from unnest(${keys}::text[]) as k(key) order by hashtext(key)) k`
}
