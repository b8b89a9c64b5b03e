import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import { blobSlices, minBlobPackBytes } from '../../src/model/limits.ts'
import type { NewContent } from '../../src/processing/content-ports.ts'
import type { ContentSweep } from '../../src/processing/content-sweep-ports.ts'
import type { AssetStore, IncomingAsset } from '../../src/processing/ports.ts'
import { openQueue, type Queue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import { createContentSweep } from '../../src/store/content-sweep.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import { createPacks, type Packs } from '../../src/store/packs.ts'
import { findReferredBlobs } from '../../src/store/queries/find-referred-blobs.ts'
import { sweepPacks } from '../../src/store/queries/sweep-packs.ts'
import { engines, openTestDatabase } from '../support/test-database.ts'
import { openTestBlobs, openTestPacks } from '../support/test-packs.ts'

function incoming(path: string, bytes: Uint8Array, content: NewContent = { bytes }): IncomingAsset {
  const sha256 = createHash('sha256').update(bytes).digest()
  return { path: parseAssetPath(path), size: bytes.length, sha256, content, mediaType: 'text/plain', onConflict: 'overwrite' }
}

describe.each(engines)('the sweep of contents on %s', (engine) => {
  let database: DatabaseConnection
  let queue: Queue
  let packs: Packs & AsyncDisposable
  let store: AssetStore
  let contents: ContentSweep
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    queue = await openQueue(database, { onTrouble: () => undefined })
    packs = await openTestPacks(database)
    store = createAssetStore(database, queue, { packs })
    contents = createContentSweep(database, packs)
  })
  afterAll(async () => {
    await queue?.[Symbol.asyncDispose]()
    await packs?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })

  const packIds = async () =>
    (await database.kysely.selectFrom('assay.content_pack').select('id').orderBy('id').execute()).map(({ id }) => id)
  const packOf = async (path: string) =>
    (await database.kysely.selectFrom('assay.asset').where('path', '=', path).select('pack_id').executeTakeFirstOrThrow()).pack_id!
  /** The contents as processing reads them, by path. */
  const contentsIn = async (folder: string) => {
    const columns = ['id', 'path', 'size', 'pack_id', 'pack_offset'] as const
    const rows = await database.kysely.selectFrom('assay.asset').where('path', 'like', `${folder}/%`).select(columns).execute()
    const read = await store.readPacked(
      rows.map(({ id, size, pack_id, pack_offset }) => ({ id, size, content: { pack: pack_id!, offset: pack_offset! } })),
    )
    return new Map(rows.map(({ id, path }) => [path, Buffer.from(read.get(id) ?? 'gone')]))
  }
  /** An asset of its own with the same content. */
  const copy = (from: string, to: string) =>
    database.executeSql(
      `insert into assay.asset (uuid, path, fold_hash, revision, status, settled_at, type, size, sha256, pack_id, pack_offset, media_type)
      select 'GUID-copy', $1, 0, 1, status, settled_at, type, size, sha256, pack_id, pack_offset, media_type from assay.asset where path = $2`,
      [to, from],
    )
  const settleAll = () => database.executeSql('update assay.asset set status = 2, settled_at = now() where status < 2')

  it('removes packs that nothing refers to', async () => {
    const path = '/content/dam/orphan/a'
    await store.receive([incoming(path, Buffer.from('old'))])
    const before = await packOf(path)
    await store.receive([incoming(path, Buffer.from('new'))])
    expect(await contents.sweepPacks(60_000)).toBe(0)
    expect(await contents.sweepPacks(0)).toBe(1)
    expect(await packIds()).not.toContain(before)
    expect(await packIds()).toContain(await packOf(path))
  })

  it('moves what is left in packs that are mostly holes into a new one, and nothing that is being read', async () => {
    const group = (name: string) =>
      Array.from({ length: 20 }, (_, index) => incoming(`/content/dam/holes/${name}-${index}`, randomBytes(100 + index)))
    const groups = ['sparse', 'also-sparse', 'dense', 'busy'].map((name) => group(name))
    const expected = new Map<string, Uint8Array>()
    for (const assets of groups) {
      await store.receive(assets)
      for (const { path, content } of assets) if ('bytes' in content) expected.set(path, content.bytes)
    }
    for (const [name, left] of [
      ['sparse', 3],
      ['also-sparse', 9],
      ['dense', 12],
      ['busy', 1],
    ] as const)
      for (let index = left; index < 20; index++) {
        await store.remove(parseAssetPath(`/content/dam/holes/${name}-${index}`))
        expected.delete(`/content/dam/holes/${name}-${index}`)
      }
    await settleAll()
    await copy('/content/dam/holes/sparse-1', '/content/dam/holes/copy')
    expected.set('/content/dam/holes/copy', expected.get('/content/dam/holes/sparse-1')!)
    await database.executeSql("update assay.asset set status = 1, settled_at = null where path = '/content/dam/holes/busy-0'")
    const [sparse, alsoSparse, dense, busy] = await Promise.all(
      ['sparse', 'also-sparse', 'dense', 'busy'].map((name) => packOf(`/content/dam/holes/${name}-0`)),
    )
    await contents.sweepPacks(0)
    const made = await packOf('/content/dam/holes/sparse-0')
    expect(made).toBeGreaterThan(busy!)
    expect(await packOf('/content/dam/holes/also-sparse-8')).toBe(made)
    const { rows } = await database.executeSql('select octet_length(bytes) as bytes from assay.content_pack where id = $1', [made])
    // The copy takes nothing.
    expect(rows[0].bytes).toBe(100 + 101 + 102 + 9 * 100 + 36)
    expect(await packOf('/content/dam/holes/dense-0')).toBe(dense)
    expect(await packOf('/content/dam/holes/busy-0')).toBe(busy)
    expect(await contentsIn('/content/dam/holes')).toEqual(expected)
    // Whoever has read a place finds the content there until the next time round.
    expect(await packIds()).toEqual(expect.arrayContaining([sparse, alsoSparse]))
    await contents.sweepPacks(0)
    const after = await packIds()
    for (const gone of [sparse, alsoSparse]) expect(after).not.toContain(gone)
    expect(await contentsIn('/content/dam/holes')).toEqual(expected)
  })

  it.runIf(engine === 'pglite')('keeps a large pack as a blob until what is left of it has moved', async () => {
    const assets = Array.from({ length: 4 }, (_, index) => incoming(`/content/dam/large/${index}`, randomBytes(minBlobPackBytes / 4)))
    await store.receive(assets)
    const row = async () =>
      database.kysely
        .selectFrom('assay.content_pack')
        .selectAll()
        .where('id', '=', await packOf('/content/dam/large/0'))
        .executeTakeFirstOrThrow()
    const large = await row()
    expect(large).toMatchObject({ bytes: null, blob_size: minBlobPackBytes })
    const isReferred = async () => (await findReferredBlobs(database.kysely, [large.blob_key!])).size === 1
    const expected = new Map(assets.map(({ path, sha256 }): [string, unknown] => [path, sha256]))
    const hashes = async () =>
      new Map([...(await contentsIn('/content/dam/large'))].map(([path, bytes]) => [path, createHash('sha256').update(bytes).digest()]))
    expect(await hashes()).toEqual(expected)
    await settleAll()
    for (const { path } of assets.slice(1)) {
      await store.remove(path)
      expected.delete(path)
    }
    await contents.sweepPacks(0)
    expect(await row()).toMatchObject({ blob_key: null, blob_size: null })
    expect(await isReferred()).toBe(true)
    await contents.sweepPacks(0)
    expect(await isReferred()).toBe(false)
    expect(await hashes()).toEqual(expected)
  })

  it.runIf(engine === 'pglite')('reads all others where the blob of a pack is gone', async () => {
    await using blobs = await openTestBlobs()
    const own = createPacks(database, blobs)
    const store = async (bytes: Uint8Array) => {
      const columns = await own.place(bytes)
      return {
        ...columns,
        ...(await database.kysely.insertInto('assay.content_pack').values(columns).returning('id').executeTakeFirstOrThrow()),
      }
    }
    const [gone, there] = [await store(randomBytes(minBlobPackBytes)), await store(Buffer.from('there'))]
    await blobs.remove([gone.blob_key!])
    const read = await own.readContents([gone, there].map(({ id }) => ({ id, size: 5, content: { pack: id, offset: 0 } })))
    expect([...read].map(([id, bytes]) => [id, Buffer.from(bytes).toString()])).toEqual([[there.id, 'there']])
    expect(await own.readPart(gone.id, 0, 5)).toBeNull()
  })

  it('goes on where it ended, in bounded steps', async () => {
    for (let index = 0; index < 5; index++) await store.receive([incoming(`/content/dam/steps/${index}`, randomBytes(10))])
    const all = await packIds()
    const step = (after: number) => database.transaction((trx) => sweepPacks(trx, { after, graceMs: 0, limit: 3, maxMovedBytes: 1 }))
    const seen: number[] = []
    for (let after = (await step(0)).last; after !== 0; after = (await step(after)).last) seen.push(after)
    expect(seen).toEqual(all.filter((_, index) => index % 3 === 2))
  })

  it('gives every slice of blobs its turn', async () => {
    const first = await contents.nextBlobSlice()
    const turns = [first]
    while (turns.length < blobSlices) turns.push(await contents.nextBlobSlice())
    expect(new Set(turns).size).toBe(blobSlices)
    expect(await contents.nextBlobSlice()).toBe(first)
  })

  it('removes blobs that nothing refers to, and only those', async () => {
    const [kept, orphan] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')]
    await store.receive([incoming('/content/dam/blobs/a', randomBytes(10), { blob: kept })])
    const removed: string[] = []
    await contents.removeUnreferredBlobs([kept, orphan], async (keys) => void removed.push(...keys))
    expect(removed).toEqual([orphan])
  })
})
