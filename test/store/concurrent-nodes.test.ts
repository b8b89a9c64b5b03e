import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import { foldHash } from '../../src/model/fold-hash.ts'
import type { AssetStore, ClaimedAsset, IncomingAsset, Settlement } from '../../src/processing/ports.ts'
import { openQueue, type Queue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import { createContentSweep } from '../../src/store/content-sweep.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import type { Packs } from '../../src/store/packs.ts'
import { holdBlobs, lockBlobs } from '../../src/store/queries/lock-blobs.ts'
import { receiveAssets } from '../../src/store/queries/receive-assets.ts'
import { settleAssets } from '../../src/store/queries/settle-assets.ts'
import { openTestDatabase } from '../support/test-database.ts'
import { openTestPacks } from '../support/test-packs.ts'

function incoming(path: string): IncomingAsset {
  const bytes = Buffer.from(path)
  const sha256 = createHash('sha256').update(bytes).digest()
  const common = { size: bytes.length, sha256, content: { bytes }, mediaType: 'text/plain', onConflict: 'overwrite' } as const
  return { path: parseAssetPath(path), ...common }
}

function settlement(claim: ClaimedAsset, target: string): Settlement {
  const problemCounts = { error: 0, warning: 0, info: 0 }
  const reading = {
    outcome: 'SUCCESS',
    type: 'DITATOPIC',
    mediaType: 'application/dita+xml',
    title: null,
    facts: '{}',
    problems: '[]',
    problemCounts,
    references: '[]',
    targets: '',
    targetsDigest: 'digest',
    edges: Float64Array.of(foldHash(target)),
    edgeKinds: Uint8Array.of(0),
    edgeList: `{${foldHash(target)}}`,
    edgeKindList: '0',
    failureDetail: null,
  } as const
  return { claim, reading, resolution: { id: claim.id, states: '', problems: '[]', problemCounts, wanted: [] } }
}

/** The embedded database does one transaction at a time; on a server they meet. One is held open while the other comes. */
/** No path rule ignores anything here, nor is any changed. */
const undecided = { rules: { confirm: () => {} }, ignored: new Set<string>() }

describe('transactions of two nodes', () => {
  let database: DatabaseConnection
  let queue: Queue
  let packs: Packs & AsyncDisposable
  let store: AssetStore
  beforeAll(async () => {
    database = await openTestDatabase('postgres')
    queue = await openQueue(database, { onTrouble: () => undefined })
    packs = await openTestPacks(database)
    store = createAssetStore(database, queue, { packs })
  })
  afterAll(async () => {
    await queue?.[Symbol.asyncDispose]()
    await packs?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })

  /** Resolves when statements of so many other connections wait for a lock, or when `work` is over without having waited. */
  const untilItWaits = async (work: Promise<unknown>, connections = 1) => {
    let over = false
    void work.finally(() => (over = true)).catch(Boolean)
    for (;;) {
      const { rows } = await database.executeSql(`select 1 from pg_locks where not granted`)
      if (rows.length >= connections || over) return
    }
  }

  it('leave no reference of an asset that is removed while it is settled', async () => {
    const path = '/content/dam/removed/a.dita'
    await store.receive([incoming(path)])
    const { id, revision } = await database.kysely
      .selectFrom('assay.asset')
      .select(['id', 'revision'])
      .where('path', '=', path)
      .executeTakeFirstOrThrow()
    const claimed = await store.claim([{ id, revision }])
    const settling = await database.beginTransaction()
    await settleAssets(settling.kysely, [settlement(claimed[0]!, '/content/dam/removed/b.dita')])
    const removing = store.remove(parseAssetPath('/content/dam/removed'))
    await untilItWaits(removing)
    await settling.commit()
    expect(await removing).toEqual({ assets: 1 })
    expect(await database.kysely.selectFrom('assay.reference_edge').where('source', '=', id).selectAll().execute()).toEqual([])
    expect(await database.kysely.selectFrom('assay.asset_result').where('asset_id', '=', id).selectAll().execute()).toEqual([])
  })

  it('never make a folder where the other makes an asset', async () => {
    const first = await database.beginTransaction()
    await receiveAssets(first.kysely, [incoming('/content/dam/same/name')], undecided)
    const second = store.receive([incoming('/content/dam/same/name/below.dita')])
    await untilItWaits(second)
    await first.commit()
    expect((await second)[0]).toMatchObject({ outcome: 'conflict', conflict: 'asset-above-path' })
  })

  const large = (name: string, blob: string) => ({ ...incoming(`/content/dam/blobs/${name}`), content: { blob } })

  it('never remove a blob that the other begins to refer to', async () => {
    const blob = 'a'.repeat(64)
    const receiving = await database.beginTransaction()
    await holdBlobs(receiving.kysely, { sizeOf: async () => 1 }, [large('kept.bin', blob)])
    await receiveAssets(receiving.kysely, [large('kept.bin', blob)], undecided)
    const removed: string[] = []
    const removing = createContentSweep(database, packs).removeUnreferredBlobs([blob], async (keys) => void removed.push(...keys))
    await untilItWaits(removing)
    await receiving.commit()
    await removing
    expect(removed).toEqual([])
  })

  it('never refer to a blob that the other has removed', async () => {
    const there = new Set(['b'.repeat(64)])
    const sharing = createAssetStore(database, queue, { packs, sharedBlobs: { sizeOf: async (key) => (there.has(key) ? 1 : null) } })
    const removing = await database.beginTransaction()
    await lockBlobs(removing.kysely, [...there])
    const receiving = sharing.receive([large('gone.bin', 'b'.repeat(64))])
    await untilItWaits(receiving)
    there.clear()
    await removing.commit()
    await expect(receiving).rejects.toThrow('A content was removed while it was received.')
  })

  it('give crossing UUIDs of file names without a deadlock', async () => {
    const named = (folder: string, ...names: string[]) =>
      names.map((name, index) => incoming(`/content/dam/crossing/${folder}/${index}/GUID-${name}.dita`))
    // Who creates names in one folder waits already for that.
    for (const folder of ['held', 'one', 'two'])
      for (const index of [0, 1, 2]) await store.createFolder(parseAssetPath(`/content/dam/crossing/${folder}/${index}`))
    const held = await database.beginTransaction()
    await receiveAssets(held.kysely, named('held', 'x1', 'x2'), undecided)
    // Each holds its first name, waits for one that is held, and will then want what the other has.
    const crossing = [named('one', 'a', 'x1', 'b'), named('two', 'b', 'x2', 'a')].map(async (group) => {
      const { kysely, commit, rollback } = await database.beginTransaction()
      await receiveAssets(kysely, group, undecided).then(commit).finally(rollback)
    })
    await untilItWaits(Promise.all(crossing), 2)
    await held.rollback()
    const results = await Promise.allSettled(crossing)
    // What is repeated, and then finds the name taken.
    expect(results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))).toEqual(['23505'])
  })

  it('that lock one another out are both carried out', async () => {
    const bothHold = Promise.withResolvers<void>()
    let holding = 0
    const lockInOrder = (first: number, second: number) =>
      database.transaction(async (trx) => {
        await sql`select pg_advisory_xact_lock(${first}::bigint)`.execute(trx)
        if (++holding === 2) bothHold.resolve()
        await bothHold.promise
        await sql`select pg_advisory_xact_lock(${second}::bigint)`.execute(trx)
      })
    await Promise.all([lockInOrder(1, 2), lockInOrder(2, 1)])
    expect(holding).toBe(3)
  })

  it('never make two assets of one name in two Unicode forms', async () => {
    const first = await database.beginTransaction()
    await receiveAssets(first.kysely, [incoming('/content/dam/forms/caf\u00e9.dita')], undecided)
    const second = store.receive([incoming('/content/dam/forms/cafe\u0301.dita')])
    await untilItWaits(second)
    await first.commit()
    expect((await second)[0]).toMatchObject({ outcome: 'updated', path: '/content/dam/forms/caf\u00e9.dita' })
  })

  it('never leave an asset without its folder', async () => {
    await store.receive([incoming('/content/dam/emptied/first.dita')])
    const receiving = await database.beginTransaction()
    await receiveAssets(receiving.kysely, [incoming('/content/dam/emptied/second.dita')], undecided)
    const removing = store.remove(parseAssetPath('/content/dam/emptied'))
    await untilItWaits(removing)
    await receiving.commit()
    await removing
    const assets = await database.kysely.selectFrom('assay.asset').select('path').where('path', 'like', '/content/dam/emptied/%').execute()
    const folders = await database.kysely.selectFrom('assay.folder').select('path').where('path', '=', '/content/dam/emptied').execute()
    expect(assets.length > 0).toBe(folders.length > 0)
  })
})
