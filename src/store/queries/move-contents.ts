import { type Kysely, sql, type Transaction } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import type { PackColumns } from '../packs.ts'
import type { Schema } from '../schema-types.ts'
import { rowSet } from './row-set.ts'

/** A content in a pack; copies of an asset share it. */
export interface PackedPlace {
  readonly pack: number
  readonly offset: number
  readonly size: number
}

/** Of settled assets only: a worker that has claimed one knows its place, and must find the content there. */
const settled = sql`a.status in (${assetStatuses.indexOf('SUCCESS')}, ${assetStatuses.indexOf('FAILURE')})`

/** Where in these packs contents are that can be moved. */
export async function findMovablePlaces(db: Kysely<Schema>, packs: readonly number[]): Promise<readonly PackedPlace[]> {
  const { rows } = await sql<PackedPlace>`
    select distinct a.pack_id as pack, a.pack_offset as offset, a.size from assay.asset a
    where a.pack_id = any(${packs}::bigint[]) and ${settled} order by 1, 2, 3`.execute(db)
  return rows
}

/** Makes a pack of the contents that lie at these places, one after another in `pack`, and lets those assets know that are still there and settled. */
export async function moveContents(trx: Transaction<Schema>, places: readonly PackedPlace[], pack: PackColumns): Promise<void> {
  let end = 0
  const moves = places.map((place) => {
    const to = end
    end += place.size
    return { ...place, to }
  })
  const { id } = await trx.insertInto('assay.content_pack').values(pack).returning('id').executeTakeFirstOrThrow()
  const input = rowSet('m', moves, { pack: 'bigint', offset: 'integer', size: 'bigint', to: 'integer' })
  await sql`
    with due as (
      select a.id, m."to" from ${input} join assay.asset a on a.pack_id = m.pack and a.pack_offset = m."offset" and a.size = m.size
      where ${settled} order by a.id for update of a
    )
    update assay.asset a set pack_id = ${id}, pack_offset = due."to" from due where a.id = due.id`.execute(trx)
}
