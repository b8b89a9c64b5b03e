import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** Which of `keys` an asset, a part of an upload, or a pack still refers to. */
export async function findReferredBlobs(db: Kysely<Schema>, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select blob_key as key from assay.asset where blob_key is not null and blob_key = any(${keys}::text[])
    union
    select blob_key from assay.upload_part where blob_key = any(${keys}::text[])
    union
    select blob_key from assay.content_pack where blob_key is not null and blob_key = any(${keys}::text[])`.execute(db)
  return new Set(rows.map((row) => row.key))
}
