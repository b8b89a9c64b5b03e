import { sql, type Transaction } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** Which of the direct uploads were completed before. */
export async function findCompletedUploads(trx: Transaction<Schema>, uploads: readonly string[]): Promise<Set<string>> {
  if (uploads.length === 0) return new Set()
  const rows = await trx.selectFrom('assay.completed_upload').where('upload', 'in', uploads).select('upload').execute()
  return new Set(rows.map((row) => row.upload))
}

/** Remembers that the uploads are completed, and forgets their parts. */
export async function completeUploads(trx: Transaction<Schema>, uploads: readonly string[]): Promise<void> {
  if (uploads.length === 0) return
  await sql`
    with forgotten as (delete from assay.upload_part where upload = any(${uploads}::uuid[]))
    insert into assay.completed_upload (upload) select unnest(${uploads}::uuid[]) on conflict do nothing`.execute(trx)
}
