import { type Kysely, sql } from 'kysely'
import type { StoredPart } from '../../processing/upload-ports.ts'
import type { Schema } from '../schema-types.ts'

interface Row {
  readonly completed: boolean
  /** `null` in the only row of an upload without parts. */
  readonly number: number | null
  readonly size: number
  readonly sha256: Uint8Array
  readonly pack_id: number | null
  readonly pack_offset: number | null
  readonly blob_key: string | null
}

/** The parts of an upload by number, and whether it was completed. One query. */
export async function readUpload(
  db: Kysely<Schema>,
  upload: string,
): Promise<{ readonly completed: boolean; readonly parts: readonly StoredPart[] }> {
  const { rows } = await sql<Row>`
    select exists (select 1 from assay.completed_upload where upload = ${upload}::uuid) as completed,
      p.number, p.size, p.sha256, p.pack_id, p.pack_offset, p.blob_key
    from (select 1) as one left join assay.upload_part p on p.upload = ${upload}::uuid order by p.number`.execute(db)
  return { completed: rows[0]!.completed, parts: rows.filter((row) => row.number !== null).map(toPart) }
}

function toPart({ number, size, sha256, pack_id, pack_offset, blob_key }: Row): StoredPart {
  const content = blob_key === null ? { pack: pack_id!, offset: pack_offset! } : { blob: blob_key }
  return { number: number!, size, sha256, content }
}
