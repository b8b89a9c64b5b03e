import type { Transaction } from 'kysely'
import type { IncomingPart } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'
import { writePack } from './write-pack.ts'

/** Keeps parts that differ; one that is there already is replaced. Two statements whatever their number. */
export async function keepParts(trx: Transaction<Schema>, parts: readonly IncomingPart[]): Promise<void> {
  const places = await writePack(trx, parts)
  await trx
    .insertInto('assay.upload_part')
    .values(parts.map(({ upload, number, size, sha256 }, index) => ({ upload, number, size, sha256, ...places[index]! })))
    .onConflict((conflict) =>
      conflict.columns(['upload', 'number']).doUpdateSet((excluded) => ({
        size: excluded.ref('excluded.size'),
        sha256: excluded.ref('excluded.sha256'),
        pack_id: excluded.ref('excluded.pack_id'),
        pack_offset: excluded.ref('excluded.pack_offset'),
        blob_key: excluded.ref('excluded.blob_key'),
      })),
    )
    .execute()
}
