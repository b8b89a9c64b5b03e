import { expect, it } from 'vitest'
import { findReferredBlobs } from '../../src/store/queries/find-referred-blobs.ts'
import { openTestDatabase } from '../support/test-database.ts'

it('finds referred blobs by an index: it is asked hundreds of times by each sweep', async () => {
  await using database = await openTestDatabase('pglite')
  // An empty table is read as a whole otherwise, whatever indexes it has.
  await database.executeSql('set enable_seqscan = off')
  await findReferredBlobs(database.kysely, ['a'.repeat(64)])
  await database.executeSql('select pg_stat_force_next_flush()')
  const { rows } = await database.executeSql(`select idx_scan from pg_stat_user_indexes where indexrelname = 'asset_blob_key'`)
  expect(rows.map(({ idx_scan }) => Number(idx_scan))).toEqual([1])
})
