import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import { foldHash } from '../../src/model/fold-hash.ts'
import { subtractPaths } from '../../src/model/path-ranges.ts'
import { compilePathRules, decidePath, defaultPathRules, type PathRules } from '../../src/model/path-rules.ts'
import { applyPathRules } from '../../src/processing/apply-path-rules.ts'
import type { PathRuleStore } from '../../src/processing/path-rule-ports.ts'
import type { AssetStore, IncomingAsset } from '../../src/processing/ports.ts'
import type { TreeStore } from '../../src/processing/tree-ports.ts'
import { openQueue, type Queue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import { countByRule } from '../../src/store/count-by-rule.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import type { Packs } from '../../src/store/packs.ts'
import { createPathRuleStore } from '../../src/store/path-rule-store.ts'
import { receiveAssets } from '../../src/store/queries/receive-assets.ts'
import { createStatusJobStore } from '../../src/store/status-job-store.ts'
import { createTreeStore } from '../../src/store/tree-store.ts'
import { engines, openTestDatabase } from '../support/test-database.ts'
import { openTestPacks } from '../support/test-packs.ts'

function incoming(path: string, text = path): IncomingAsset {
  const bytes = Buffer.from(text)
  const sha256 = createHash('sha256').update(bytes).digest()
  return { path: parseAssetPath(path), size: bytes.length, sha256, content: { bytes }, mediaType: 'x', onConflict: 'overwrite' }
}

const never = new AbortController().signal

describe.each(engines)('path rules on %s', (engine) => {
  let database: DatabaseConnection
  let queue: Queue
  let packs: Packs & AsyncDisposable
  let store: AssetStore
  let tree: TreeStore
  let rules: PathRuleStore
  let folder: string

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    queue = await openQueue(database, { onTrouble: () => undefined })
    packs = await openTestPacks(database)
    store = createAssetStore(database, queue, { packs })
    tree = createTreeStore(database, queue)
    rules = createPathRuleStore(database, queue)
  })
  beforeEach(async () => {
    folder = `/content/dam/${randomUUID()}`
    await change(defaultPathRules)
  })
  afterAll(async () => {
    await queue?.[Symbol.asyncDispose]()
    await packs?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })

  /** Of all assets in the folder of the test, by their paths in it. */
  const decisions = async () => {
    const rows = await database.kysely
      .selectFrom('assay.asset')
      .where('path', 'like', `${folder}/%`)
      .select(['path', 'is_ignored'])
      .orderBy('path')
      .execute()
    return Object.fromEntries(rows.map((row) => [row.path.slice(folder.length + 1), row.is_ignored ? 'ignored' : 'enabled']))
  }
  const change = async (changed: PathRules) => {
    await rules.change(compilePathRules(changed).rules, 'test', () => true)
    await applyPathRules(rules, never)
  }
  const ignoring = (...ignored: string[]): PathRules => ({ ignored, enabled: ['/content/dam'] })
  const orders = (...paths: string[]) =>
    database.kysely.selectFrom('assay.asset').where('path', 'in', paths).select(['id', 'revision']).orderBy('path').execute()
  const queued = async () => {
    const { rows } = await database.executeSql("select data -> 'assets' as assets from pgboss.job where name = 'post-process-assets'")
    return new Set((rows as { assets: number[] }[]).flatMap(({ assets }) => assets.filter((_, index) => index % 2 === 0)))
  }

  it('decide at receipt what is queued and what may be claimed', async () => {
    await change(ignoring(`${folder}/drafts`, 'regex:.*\\.tmp'))
    await store.receive([incoming(`${folder}/a.dita`), incoming(`${folder}/drafts/b.dita`), incoming(`${folder}/c.tmp`)])
    expect(await decisions()).toEqual({ 'a.dita': 'enabled', 'drafts/b.dita': 'ignored', 'c.tmp': 'ignored' })
    const all = await orders(`${folder}/a.dita`, `${folder}/c.tmp`, `${folder}/drafts/b.dita`)
    const jobs = await queued()
    expect(all.map(({ id }) => jobs.has(id))).toEqual([true, false, false])
    expect((await store.claim(all)).map(({ path }) => path)).toEqual([`${folder}/a.dita`])
  })

  it('are applied to what is there: enabled assets are queued, ignored ones leave the lists, nothing else is touched', async () => {
    await store.receive(['a/1', 'a/b/2', 'c/3'].map((name) => incoming(`${folder}/${name}`)))
    await change(ignoring(`${folder}/a`, `${folder}/c`))
    expect(await decisions()).toEqual({ 'a/1': 'ignored', 'a/b/2': 'ignored', 'c/3': 'ignored' })
    expect(await rules.read()).toMatchObject({ applied: true, newlyIgnored: 3, newlyEnabled: 0, changed: { by: 'test' } })
    await database.executeSql("delete from pgboss.job where name = 'post-process-assets'")
    await change({ ignored: [`${folder}/a`, `${folder}/c`], enabled: ['/content/dam', `${folder}/a/b`] })
    expect(await decisions()).toEqual({ 'a/1': 'ignored', 'a/b/2': 'enabled', 'c/3': 'ignored' })
    expect(await rules.read()).toMatchObject({ newlyIgnored: 0, newlyEnabled: 1 })
    expect([...(await queued())]).toEqual((await orders(`${folder}/a/b/2`)).map(({ id }) => id))
  })

  it('are the same for all assets, however they came to their paths', async () => {
    const all = { ignored: [`${folder}/x`, 'regex:.*/no'], enabled: ['/content/dam', `${folder}/x/yes`] }
    await store.receive(['1', 'x/2', 'x/yes/3', 'no/4', 'e\u0301/5'].map((name) => incoming(`${folder}/${name}`)))
    await change(all)
    await store.receive(['x/6', 'x/yes/7'].map((name) => incoming(`${folder}/${name}`)))
    const at = (name: string) => parseAssetPath(`${folder}/${name}`)
    await tree.move({ source: at('no/4'), destination: at('x/yes/4'), overwrite: false })
    await tree.copy({ source: at('x/yes'), destination: at('no/yes'), overwrite: false }, false)
    await tree.copy({ source: at('1'), destination: at('x/1'), overwrite: false }, false)
    const compiled = compilePathRules(all)
    const found = await decisions()
    expect(Object.keys(found)).toHaveLength(12 - 1)
    for (const [name, decision] of Object.entries(found))
      expect([name, decision]).toEqual([name, decidePath(compiled, `${folder}/${name}`).processed ? 'enabled' : 'ignored'])
    await change(ignoring(`${folder}/\u00e9`))
    expect((await decisions())['e\u0301/5']).toBe('ignored')
  })

  it('that another process has changed are found out before anything is decided by the ones before', async () => {
    await store.receive([incoming(`${folder}/before`)])
    const elsewhere = createPathRuleStore(database, queue)
    await elsewhere.change(ignoring(folder), 'other', () => true)
    await store.receive([incoming(`${folder}/after`)])
    expect((await decisions()).after).toBe('ignored')
    await tree.copy({ source: parseAssetPath(`${folder}/after`), destination: parseAssetPath(`${folder}/copy`), overwrite: false }, false)
    expect((await decisions()).copy).toBe('ignored')
  })

  it('are changed by one of two that have seen the same version', async () => {
    const { version } = await rules.read()
    const seen = (found: { readonly version: number }) => found.version === version
    expect(await rules.change(ignoring('/content/dam/one'), 'one', seen)).toMatchObject({ version: version + 1 })
    expect(await rules.change(ignoring('/content/dam/two'), 'two', seen)).toBeNull()
    expect((await rules.read()).rules.ignored).toEqual(['/content/dam/one'])
  })

  it('keep a status list from being taken while they are applied in part', async () => {
    const jobs = createStatusJobStore(database, queue)
    const id = randomUUID()
    await store.receive([incoming(`${folder}/a`), incoming(`${folder}/b`)])
    await jobs.create({ id, included: [folder], excluded: [], createdBy: 'test' })
    const order = (await jobs.begin(id))!
    await rules.change(ignoring(`${folder}/b`), 'test', () => true)
    await database.executeSql(`update pgboss.job set state = 'active', started_on = now() where id = '${id}'`)
    const completes = { queue: 'run-status-job', jobs: [{ id, retryCount: 0 }] }
    expect(await jobs.collect(order, 60_000, completes)).toBeNull()
    await applyPathRules(rules, never)
    expect(await jobs.collect(order, 60_000, completes)).toBe(1)
    expect(await database.kysely.selectFrom('assay.status_job').where('id', '=', id).select(['total', 'ignored']).execute()).toEqual([
      { total: 1, ignored: 1 },
    ])
  })

  it('make an ignored asset a target that is there and that nobody waits for', async () => {
    const path = `${folder}/target.dita`
    const target = async () => (await store.findTargets([foldHash(path)], new Set()))[0]!
    const changes = async () => {
      const { changes, done } = await store.takeTargetChanges(1000)
      await done()
      return changes.filter((one) => one.target === foldHash(path)).length
    }
    await store.receive([incoming(path)])
    expect(await target()).toMatchObject({ targetsDigest: null, unread: false })
    await changes()
    await change(ignoring(folder))
    expect(await target()).toMatchObject({ targetsDigest: null, unread: true })
    expect(await changes()).toBe(1)
    await store.receive([incoming(path, 'another revision')])
    expect(await changes()).toBe(1)
  })

  it('are counted by what each leaves out: in pieces, the first ones by name, as long as there is time', async () => {
    await change({ ignored: [`${folder}/a`, 'regex:.*/b[0-9]'], enabled: [`${folder}/a`, `${folder}/b0`, `${folder}/b1`, `${folder}/c`] })
    await store.receive(['a/1', 'a/2', 'a/3', 'b0', 'b1', 'c', 'd'].map((name) => incoming(`${folder}/${name}`)))
    const ranges = subtractPaths([folder], [])
    const count = (bounds = { scanAssets: 2, timeMs: 60_000, rules: 20 }, ignored = 6) => countByRule(database, ranges, ignored, bounds)
    const [byA, byB] = [
      { list: 'ignored', entry: `${folder}/a`, assets: 3 },
      { list: 'ignored', entry: 'regex:.*/b[0-9]', assets: 2 },
    ]
    expect(await count()).toEqual({ rules: [byA, byB, { list: null, entry: null, assets: 1 }], others: 0, uncounted: 0 })
    expect(await count({ scanAssets: 7, timeMs: 60_000, rules: 1 })).toEqual({ rules: [byA], others: 3, uncounted: 0 })
    expect(await count({ scanAssets: 2, timeMs: 0, rules: 20 })).toEqual({ rules: [], others: 0, uncounted: 6 })
    expect(await count(undefined, 4)).toEqual({ rules: [byA, { ...byB, assets: 1 }], others: 0, uncounted: 0 })
    // Changed, and not applied yet.
    await rules.change(compilePathRules(ignoring(`${folder}/a`)).rules, 'test', () => true)
    expect((await count()).rules).toEqual([byA, { list: 'enabled', entry: '/content/dam', assets: 3 }])
  })

  it.runIf(engine === 'postgres')('reach uploads that are under way when they are changed', async () => {
    const uploading = await database.beginTransaction()
    const ofBefore = { rules: { confirm: () => {} }, ignored: new Set<string>() }
    await receiveAssets(uploading.kysely, [incoming(`${folder}/late`)], ofBefore)
    const changing = change(ignoring(folder))
    const isWaiting = await Promise.race([changing.then(() => false), untilSomebodyWaits(database)])
    expect(isWaiting).toBe(true)
    await uploading.commit()
    await changing
    expect(await decisions()).toEqual({ late: 'ignored' })
  })
})

async function untilSomebodyWaits(database: DatabaseConnection): Promise<true> {
  for (;;) {
    const { rows } = await database.executeSql("select from pg_locks where locktype = 'advisory' and not granted")
    if (rows.length > 0) return true
  }
}
