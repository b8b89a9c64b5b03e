import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBlobStore } from '../../src/blobs/open-blob-store.ts'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import type { AssetStore, BlobStore, IncomingAsset, PostProcessOrder, Reader } from '../../src/processing/ports.ts'
import { postProcessAssets } from '../../src/processing/post-process-assets.ts'
import { resolveChangedTargets } from '../../src/processing/resolve-changed-targets.ts'
import { openQueue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import { openReader } from '../../src/threads/open-reader.ts'
import { topic } from '../support/assay-api.ts'
import { createDataDirectory, openTestDatabase } from '../support/test-database.ts'

const never = new AbortController().signal

function incoming(path: string, text: string): IncomingAsset {
  const bytes = Buffer.from(text)
  const sha256 = createHash('sha256').update(bytes).digest()
  const common = { size: bytes.length, sha256, content: { bytes }, mediaType: 'application/xml', onConflict: 'overwrite' } as const
  return { path: parseAssetPath(path), ...common }
}

/** Everything is real; only the moments are chosen: something else happens right before or after a call of the store. */
describe('the second look at references', () => {
  const open = new AsyncDisposableStack()
  let database: DatabaseConnection
  let store: AssetStore
  let blobs: BlobStore
  let reader: Reader

  beforeAll(async () => {
    const directory = open.use(await createDataDirectory())
    blobs = await openBlobStore({ dataDirectory: directory.path })
    database = open.use(await openTestDatabase('pglite'))
    const ofDatabase = createAssetStore(database, open.use(await openQueue(database, { onTrouble: () => undefined })))
    // There is no queue job behind these calls that could be completed.
    store = { ...ofDatabase, saveResolutions: (resolutions) => ofDatabase.saveResolutions(resolutions, null) }
    reader = open.use(await openReader({ threads: 1, onThreadEnded: () => undefined }))
  })
  afterAll(() => open.disposeAsync())

  const receive = (path: string, text: string) => store.receive([incoming(path, text)])
  const pass = () => resolveChangedTargets({ store, reader, delay: async () => {}, onResolved: () => undefined }, never)
  const ordersOf = (folder: string): Promise<PostProcessOrder[]> =>
    database.kysely
      .selectFrom('assay.asset')
      .where('path', 'like', `${folder}/%`)
      .where('status', '<', 2)
      .select(['id', 'revision'])
      .execute()
  const statesOf = async (path: string): Promise<unknown> => {
    const { reference_states } = await database.kysely
      .selectFrom('assay.asset_result as r')
      .innerJoin('assay.asset as a', 'a.id', 'r.asset_id')
      .where('a.path', '=', path)
      .select('r.reference_states')
      .executeTakeFirstOrThrow()
    return reference_states
  }
  const process = (through: AssetStore, orders: readonly PostProcessOrder[]) =>
    postProcessAssets(
      { store: through, blobs, reader, onSettled: () => undefined },
      orders,
      { queue: 'post-process-assets', jobs: [] },
      never,
    )
  /** The store with a hook at its n-th answer about targets. */
  const interrupted = (when: 'before' | 'after', call: number, happen: () => Promise<unknown>): AssetStore => {
    let calls = 0
    const findTargets: AssetStore['findTargets'] = async (hashes, withTables) => {
      const isNow = ++calls === call
      if (isNow && when === 'before') await happen()
      const targets = await store.findTargets(hashes, withTables)
      if (isNow && when === 'after') await happen()
      return targets
    }
    return { ...store, findTargets }
  }

  it('never overwrites what a pass has found meanwhile with what it had seen before', async () => {
    const folder = '/content/dam/second-look'
    await receive(`${folder}/a.dita`, topic('A', '<p><xref href="b.dita"/><xref href="c.dita"/></p>'))
    const seesOne = interrupted('before', 2, () => receive(`${folder}/b.dita`, topic('B')))
    let seen = 0
    const andMissesOther: AssetStore = {
      ...seesOne,
      async findTargets(hashes, withTables) {
        const targets = await seesOne.findTargets(hashes, withTables)
        if (++seen === 3) {
          await receive(`${folder}/c.dita`, topic('C'))
          await pass()
        }
        return targets
      },
    }
    await process(andMissesOther, await ordersOf(folder))
    expect(await statesOf(`${folder}/a.dita`)).toBe('waiting waiting')
  })

  it('is taken by a retried job, and does not overwrite either', async () => {
    const folder = '/content/dam/retried'
    await receive(`${folder}/a.dita`, topic('A', '<p><xref href="b.dita"/></p>'))
    const orders = await ordersOf(folder)
    await process(store, orders)
    const late = interrupted('after', 1, async () => {
      await receive(`${folder}/b.dita`, topic('B'))
      await pass()
    })
    expect(await statesOf(`${folder}/a.dita`)).toBe('REF_TARGET_MISSING')
    await process(late, orders)
    expect(await statesOf(`${folder}/a.dita`)).toBe('waiting')
  })
})
