import type { Transaction } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** Forgets the parts of an upload, and that it was completed. */
export async function forgetUpload(trx: Transaction<Schema>, upload: string): Promise<void> {
  await trx.deleteFrom('assay.upload_part').where('upload', '=', upload).execute()
  await trx.deleteFrom('assay.completed_upload').where('upload', '=', upload).execute()
}
