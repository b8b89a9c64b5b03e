import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AssetPath, parseAssetPath } from '../../src/model/asset-path.ts'
import { foldHash } from '../../src/model/fold-hash.ts'
import { maxListedTextBytes } from '../../src/model/large-limits.ts'
import type { AssetReading, AssetStore, ClaimedAsset, IncomingAsset, Receipt, Settlement } from '../../src/processing/ports.ts'
import { openQueue, type Queue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import type { Packs } from '../../src/store/packs.ts'
import { takeBackAssets } from '../../src/store/queries/claim-assets.ts'
import { createTreeStore } from '../../src/store/tree-store.ts'
import { engines, openTestDatabase } from '../support/test-database.ts'
import { openTestPacks } from '../support/test-packs.ts'

function incoming(path: string, text: string, onConflict: IncomingAsset['onConflict'] = 'overwrite'): IncomingAsset {
  const bytes = Buffer.from(text)
  const sha256 = createHash('sha256').update(bytes).digest()
  return { path: parseAssetPath(path), size: bytes.length, sha256, content: { bytes }, mediaType: 'application/xml', onConflict }
}

function reading(overrides: Partial<AssetReading> = {}): AssetReading {
  const { edges = new Float64Array(), edgeKinds = new Uint8Array() } = overrides
  return {
    outcome: 'SUCCESS',
    type: 'DITATOPIC',
    mediaType: 'application/dita+xml',
    title: 'Title',
    facts: '{}',
    problems: '[]',
    problemCounts: { error: 0, warning: 1, info: 0 },
    references: '[]',
    targets: 'table',
    targetsDigest: 'digest',
    edges,
    edgeKinds,
    edgeList: `{${edges.join(',')}}`,
    edgeKindList: edgeKinds.join(''),
    failureDetail: null,
    ...overrides,
  }
}

function settlement(claim: ClaimedAsset, overrides: Partial<AssetReading> = {}): Settlement {
  const problemCounts = { error: 0, warning: 2, info: 3 }
  return { claim, reading: reading(overrides), resolution: { id: claim.id, states: '["ok"]', problems: '[]', problemCounts, wanted: [] } }
}

describe.each(engines)('the asset store on %s', (engine) => {
  let database: DatabaseConnection
  let queue: Queue
  let packs: Packs & AsyncDisposable
  let store: AssetStore

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    queue = await openQueue(database, { onTrouble: () => undefined })
    packs = await openTestPacks(database)
    store = createAssetStore(database, queue, { packs })
  })
  afterAll(async () => {
    await queue?.[Symbol.asyncDispose]()
    await packs?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })

  const packedBytes = async () => {
    const rows = await database.kysely.selectFrom('assay.content_pack').select('bytes').execute()
    return rows.reduce((total, { bytes }) => total + bytes!.length, 0)
  }
  const receive = async (path: string, text: string): Promise<Receipt> => (await store.receive([incoming(path, text)]))[0]!
  const row = (path: string) => database.kysely.selectFrom('assay.asset').selectAll().where('path', '=', path).executeTakeFirstOrThrow()
  const claimOne = async (path: string): Promise<ClaimedAsset> => {
    const { id, revision } = await row(path)
    return (await store.claim([{ id, revision }]))[0]!
  }
  /** Receives and settles in one go. */
  const process = async (path: string, text: string, overrides: Partial<AssetReading> = {}): Promise<number> => {
    await receive(path, text)
    const claim = await claimOne(path)
    await store.settle([settlement(claim, overrides)])
    return claim.id
  }
  const drainChanges = async () => {
    const { changes, done } = await store.takeTargetChanges(1000)
    await done()
    return changes
  }

  it('creates, updates and recognises unchanged contents', async () => {
    const created = await receive('/content/dam/r/a.dita', 'one')
    expect(created).toMatchObject({ revision: 1, outcome: 'created' })
    expect(await receive('/content/dam/r/a.dita', 'one')).toEqual({ ...created, outcome: 'unchanged' })
    expect(await receive('/content/dam/r/a.dita', 'two')).toEqual({ ...created, revision: 2, outcome: 'updated' })
  })

  it('stores texts of any length, in the place of what was there before', async () => {
    const name = '/content/dam/r/large.dita'
    const large = `"é${'x'.repeat(maxListedTextBytes)}"`
    const shared = new Uint8Array(new SharedArrayBuffer(Buffer.byteLength(large) + 1), 1)
    shared.set(Buffer.from(large))
    const id = await process(name, 'one', { facts: shared, targets: large })
    const result = () => database.kysely.selectFrom('assay.asset_result').selectAll().where('asset_id', '=', id).executeTakeFirstOrThrow()
    expect(await result()).toMatchObject({ facts: large, targets: large, reference_values: '[]', revision: 1 })
    await process(name, 'two', { references: large })
    expect(await result()).toMatchObject({ facts: '{}', targets: 'table', reference_values: large, revision: 2 })
    await process(name, 'three', { edgeList: `{${' '.repeat(maxListedTextBytes)}7}` })
    expect(await result()).toMatchObject({ edges: [7], revision: 3 })
  })

  it('obeys the conflict rule', async () => {
    await receive('/content/dam/r/c.dita', 'one')
    const [skipped, refused] = await Promise.all([
      store.receive([incoming('/content/dam/r/c.dita', 'two', 'skip')]),
      store.receive([incoming('/content/dam/r/c.dita', 'two', 'fail')]),
    ])
    expect(skipped[0]).toMatchObject({ outcome: 'skipped', revision: 1 })
    expect(refused[0]).toMatchObject({ outcome: 'conflict', conflict: 'asset-exists' })
    expect((await row('/content/dam/r/c.dita')).revision).toBe(1)
  })

  it('refuses an asset where a folder is, and below an asset, also within one group', async () => {
    await receive('/content/dam/r/folder/x.dita', 'x')
    const receipts = await store.receive([
      incoming('/content/dam/r/folder', 'y'),
      incoming('/content/dam/r/folder/x.dita/z', 'z'),
      incoming('/content/dam/r/new', 'n'),
      incoming('/content/dam/r/new/below', 'b'),
    ])
    expect(receipts.map((receipt) => receipt.conflict)).toEqual(['folder-at-path', 'asset-above-path', null, 'asset-above-path'])
  })

  it('gives each of a group its own receipt, whatever was there before', async () => {
    await receive('/content/dam/r/mixed/known.dita', 'one')
    const names = ['new.dita', 'known.dita', 'new-folder/x.dita', 'Known.dita', 'GUID-1234.dita', 'known.dita/below', 'also-new.dita']
    const packsBefore = await packedBytes()
    const receipts = await store.receive(names.map((name) => incoming(`/content/dam/r/mixed/${name}`, name)))
    expect(receipts.map(({ path }) => path.slice('/content/dam/r/mixed/'.length))).toEqual(names)
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['created', 'updated', 'created', 'created', 'created', 'conflict', 'created'])
    expect(receipts[4]!.uuid).toBe('GUID-1234')
    // Nothing is stored twice, whichever way it took; what was refused may be in the pack of the others.
    expect((await packedBytes()) - packsBefore).toBeLessThanOrEqual(names.join('').length)
    const folders = await database.kysely
      .selectFrom('assay.folder')
      .select('path')
      .where('path', 'like', '/content/dam/r/mixed/%')
      .execute()
    expect(folders).toEqual([{ path: '/content/dam/r/mixed/new-folder' }])
    const stored = await Promise.all(['new.dita', 'also-new.dita'].map((name) => row(`/content/dam/r/mixed/${name}`)))
    const packed = await store.readPacked(
      stored.map(({ id, size, pack_id, pack_offset }) => ({ id, size, content: { pack: pack_id!, offset: pack_offset! } })),
    )
    expect(stored.map(({ id }) => Buffer.from(packed.get(id)!).toString())).toEqual(['new.dita', 'also-new.dita'])
  })

  it.runIf(engine === 'pglite')('keeps the orders of new assets until they are sent together', async () => {
    let told = 0
    const gathering = createAssetStore(database, queue, { packs, onOrdersWait: () => void told++ })
    for (const name of ['a', 'b']) await gathering.receive([incoming(`/content/dam/r/gathered-${name}.dita`, name)])
    const waiting = () => database.kysely.selectFrom('assay.waiting_order').selectAll().execute()
    const orders = await Promise.all(['a', 'b'].map(async (name) => row(`/content/dam/r/gathered-${name}.dita`)))
    expect([told, await waiting()]).toEqual([2, orders.map(({ id }) => ({ asset_id: id, revision: 1 }))])
    const sent: unknown[] = []
    const jobs = { ...queue, sendPostProcess: async (_trx: unknown, due: readonly unknown[]) => void sent.push(due) }
    await createAssetStore(database, jobs, { packs }).sendWaitingOrders()
    expect(sent).toEqual([orders.map(({ id }) => ({ id, revision: 1 }))])
    expect(await waiting()).toEqual([])
  })

  it('finds NFC and NFD spellings as one asset and keeps folders in one spelling', async () => {
    const first = await receive('/content/dam/r/caf\u00e9/t\u00e9.dita', 'one')
    expect(await receive('/content/dam/r/cafe\u0301/te\u0301.dita', 'two')).toMatchObject({
      path: first.path,
      uuid: first.uuid,
      revision: 2,
    })
    expect((await receive('/content/dam/r/cafe\u0301/n\u00e9w.dita', 'x')).path).toBe('/content/dam/r/caf\u00e9/n\u00e9w.dita')
    const pair = await store.receive([incoming('/content/dam/r/\u00fc/1', '1'), incoming('/content/dam/r/u\u0308/2', '2')])
    expect(pair.map((receipt) => receipt.path)).toEqual(['/content/dam/r/\u00fc/1', '/content/dam/r/\u00fc/2'])
  })

  it('gives the UUID of a GUID file name while it is free', async () => {
    expect((await receive('/content/dam/r/GUID-one.dita', '1')).uuid).toBe('GUID-one')
    expect((await receive('/content/dam/r/other/GUID-one.dita', '2')).uuid).toMatch(/^GUID-[0-9a-f-]{36}$/)
    const twins = await store.receive([incoming('/content/dam/r/a/GUID-two.dita', '1'), incoming('/content/dam/r/b/GUID-two.dita', '1')])
    expect(new Set(twins.map((receipt) => receipt.uuid)).size).toBe(2)
  })

  it('never gives one path two identities when many receive it at once', async () => {
    const receipts = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.receive([incoming('/content/dam/r/race.dita', `v${index}`)])),
    )
    expect(new Set(receipts.map(([receipt]) => receipt!.uuid)).size).toBe(1)
    expect((await row('/content/dam/r/race.dita')).revision).toBe(20)
  })

  it('reads back packed contents, one or many', async () => {
    const texts = new Map(Array.from({ length: 50 }, (_, index) => [`/content/dam/p/${index}`, `content ${index} é`.repeat(index)]))
    await store.receive([...texts].map(([path, text]) => incoming(path, text)))
    const claimed = await Promise.all([...texts.keys()].map(claimOne))
    for (const assets of [claimed, claimed.slice(7, 8)]) {
      const contents = await store.readPacked(assets)
      expect(assets.map((asset) => Buffer.from(contents.get(asset.id)!).toString())).toEqual(assets.map((asset) => texts.get(asset.path)))
    }
  })

  it('claims what is due, and counts how often', async () => {
    await store.receive([incoming('/content/dam/c/1', '1'), incoming('/content/dam/c/2', '2')])
    const orders = [await row('/content/dam/c/1'), await row('/content/dam/c/2')].map(({ id, revision }) => ({ id, revision }))
    const [first] = await store.claim(orders.slice(0, 1))
    expect(first).toMatchObject({ attempts: 1, path: '/content/dam/c/1' })
    const again = await store.claim(orders)
    expect(Object.fromEntries(again.map(({ path, attempts }) => [path, attempts]))).toEqual({
      '/content/dam/c/1': 2,
      '/content/dam/c/2': 1,
    })
    expect(await store.claim([{ ...orders[0]!, revision: 7 }])).toEqual([])
  })

  it('takes a release back as if it had not been claimed', async () => {
    await receive('/content/dam/c/released', '1')
    const claim = await claimOne('/content/dam/c/released')
    await store.release([claim])
    expect(await row('/content/dam/c/released')).toMatchObject({ status: 0, attempts: 0 })
    expect(await claimOne('/content/dam/c/released')).toEqual(claim)
  })

  it('settles only the revision and the claim that were processed', async () => {
    await receive('/content/dam/s/stale', 'one')
    const stale = await claimOne('/content/dam/s/stale')
    await receive('/content/dam/s/stale', 'two')
    expect([...(await store.settle([settlement(stale)]))]).toEqual([])
    expect(await row('/content/dam/s/stale')).toMatchObject({ status: 0, revision: 2 })

    const lost = await claimOne('/content/dam/s/stale')
    // The first claim of either revision has the same number: the revision alone tells them apart.
    expect([...(await store.settle([settlement(stale)]))]).toEqual([])
    const claimed = await store.claim([{ id: lost.id, revision: lost.revision }])
    expect([...(await store.settle([settlement(lost)]))]).toEqual([])
    expect([...(await store.settle([settlement(claimed[0]!)]))]).toEqual([lost.id])
    expect(await row('/content/dam/s/stale')).toMatchObject({ status: 2, title: 'Title', warning_count: 3, info_count: 3 })
    expect([...(await store.settle([settlement(claimed[0]!)]))]).toEqual([])
  })

  it('settles nothing that was moved since it was claimed, whoever has taken that claim back', async () => {
    const [from, to] = [parseAssetPath('/content/dam/s/from'), parseAssetPath('/content/dam/s/to')]
    await receive(from, 'moved')
    const frozen = await claimOne(from)
    await database.transaction((trx) => takeBackAssets(trx, [frozen]))
    await createTreeStore(database, queue).move({ source: from, destination: to, overwrite: false })
    const claim = await claimOne(to)
    expect([...(await store.settle([settlement(frozen)]))]).toEqual([])
    expect([...(await store.settle([settlement(claim)]))]).toEqual([claim.id])
  })

  it('tells of targets that appear, change and go, and of nothing else', async () => {
    const target = foldHash('/content/dam/t/x.dita')
    await process('/content/dam/t/to-x.dita', 'x', { edges: new Float64Array([target]), edgeKinds: new Uint8Array([0]) })
    await drainChanges()
    const id = await process('/content/dam/t/x.dita', 'one')
    expect(await drainChanges()).toEqual([{ target, existence: true }])
    await process('/content/dam/t/x.dita', 'two')
    expect(await drainChanges()).toEqual([])
    await process('/content/dam/t/x.dita', 'three', { targetsDigest: 'other' })
    expect(await drainChanges()).toEqual([{ target, existence: false }])
    await process('/content/dam/t/x.dita', 'four', { targetsDigest: 'other', type: 'DITAMAP' })
    expect(await drainChanges()).toEqual([{ target, existence: true }])
    expect(await store.remove('/content/dam/t/x.dita' as AssetPath)).toEqual({ assets: 1 })
    expect(await drainChanges()).toEqual([{ target, existence: true }])
    expect(await store.readReferences([id])).toEqual([])
  })

  it('tells everyone of a first result, also those who only asked whether the asset is there', async () => {
    const target = foldHash('/content/dam/t/first.dita')
    await process('/content/dam/t/to-first.dita', 'first', { edges: new Float64Array([target]), edgeKinds: new Uint8Array([0]) })
    await receive('/content/dam/t/first.dita', 'one')
    await drainChanges()
    await store.settle([settlement(await claimOne('/content/dam/t/first.dita'))])
    expect(await drainChanges()).toEqual([{ target, existence: true }])
  })

  it.runIf(engine === 'pglite')('tells nobody of a target to which nothing refers', async () => {
    await drainChanges()
    await process('/content/dam/t/alone.dita', 'one')
    expect(await drainChanges()).toEqual([])
  })

  it('finds what takes content in and passes it on', async () => {
    const hashOf = (name: string) => foldHash(`/content/dam/relay/${name}.dita`)
    const from = (name: string, to: string, kind: number) =>
      process(`/content/dam/relay/${name}.dita`, name, { edges: new Float64Array([hashOf(to)]), edgeKinds: new Uint8Array([kind]) })
    await from('c', 'b', 2)
    await from('b', 'a', 2)
    await from('e', 'd', 2)
    await from('d', 'a', 1)
    expect(await store.findContentRelays([hashOf('a')])).toEqual([hashOf('b')])
    expect(await store.findContentRelays([hashOf('b'), hashOf('d')])).toEqual([])
  })

  it('finds referrers by edges that follow the references', async () => {
    const target = foldHash('/content/dam/e/target.dita')
    const edgesTo = (kind: number) => ({ edges: new Float64Array([target, foldHash('/elsewhere')]), edgeKinds: new Uint8Array([kind, 0]) })
    const plain = await process('/content/dam/e/1.dita', '1', edgesTo(0))
    const withFragment = await process('/content/dam/e/2.dita', '2', edgesTo(1))
    const referrers = async (existence: boolean) =>
      (await store.findReferrers([{ target, existence }], 0, 10)).map((referrer) => referrer.id)
    expect(await referrers(true)).toEqual([plain, withFragment])
    expect(await referrers(false)).toEqual([withFragment])
    await process('/content/dam/e/2.dita', 'no reference any more')
    expect(await referrers(true)).toEqual([plain])
    await store.remove('/content/dam/e' as AssetPath)
    expect(await referrers(true)).toEqual([])
    expect(await database.kysely.selectFrom('assay.reference_edge').select('source').where('target', '=', target).execute()).toEqual([])
  })

  it('saves resolutions of the revision that was resolved, and counts their problems', async () => {
    const id = await process('/content/dam/v/1.dita', '1')
    const resolution = {
      id,
      path: '/content/dam/v/1.dita',
      revision: 1,
      states: '["missing"]',
      problems: '[1]',
      problemCounts: { error: 0, warning: 5, info: 0 },
      wanted: [],
    }
    expect(await store.saveResolutions([{ ...resolution, revision: 2 }], null)).toBe(0)
    expect(await store.saveResolutions([{ ...resolution, path: '/content/dam/v/2.dita' }], null)).toBe(0)
    expect(await store.saveResolutions([resolution], null)).toBe(1)
    expect(await row('/content/dam/v/1.dita')).toMatchObject({ warning_count: 6, info_count: 0 })
    expect((await store.readReferences([id]))[0]).toMatchObject({ states: '["missing"]', revision: 1 })
  })

  it('removes folders with all below them and only those', async () => {
    await store.receive(['/content/dam/d/a/1', '/content/dam/d/ab', '/content/dam/d/a b/2'].map((path) => incoming(path, path)))
    expect(await store.createFolder('/content/dam/d/a/empty' as AssetPath)).toBe('created')
    expect(await store.createFolder('/content/dam/d/a/empty' as AssetPath)).toBe('exists')
    const [kept, gone] = [await process('/content/dam/d/ab', 'kept'), await process('/content/dam/d/a/1', 'gone')]
    expect(await store.remove('/content/dam/d/a' as AssetPath)).toEqual({ assets: 1 })
    expect(await store.remove('/content/dam/d/a' as AssetPath)).toBeNull()
    const results = await database.kysely
      .selectFrom('assay.asset_result')
      .select('asset_id')
      .where('asset_id', 'in', [kept, gone])
      .execute()
    expect(results).toEqual([{ asset_id: kept }])
    const left = await database.kysely.selectFrom('assay.asset').select('path').where('path', 'like', '/content/dam/d/%').execute()
    expect(left.map((asset) => asset.path).sort()).toEqual(['/content/dam/d/a b/2', '/content/dam/d/ab'])
  })

  it('keeps a FAILURE without a problem out of the database', async () => {
    await receive('/content/dam/f/1', '1')
    const claim = await claimOne('/content/dam/f/1')
    await expect(store.settle([settlement(claim, { outcome: 'FAILURE' })])).rejects.toThrow(/failure_is_explained/)
    expect(await row('/content/dam/f/1')).toMatchObject({ status: 1 })
  })
})
