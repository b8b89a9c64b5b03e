import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import type { AssetStore } from '../../src/processing/ports.ts'
import { topic } from '../support/assay-api.ts'
import { openProcessing, type Processing } from './processing-harness.ts'

/** Everything is real; only the moments are chosen: something else happens right before or after a look of the store at targets. */
describe('the second look at references', () => {
  let processing: Processing
  beforeAll(async () => {
    processing = await openProcessing()
  })
  afterAll(() => processing?.[Symbol.asyncDispose]())

  /** The store, with something happening at certain of its answers about targets. */
  const interrupted = (before: Record<number, () => Promise<unknown>>, after: Record<number, () => Promise<unknown>>): AssetStore => {
    let calls = 0
    const findTargets: AssetStore['findTargets'] = async (hashes, withTables) => {
      const call = ++calls
      await before[call]?.()
      const targets = await processing.store.findTargets(hashes, withTables)
      await after[call]?.()
      return targets
    }
    return { ...processing.store, findTargets }
  }

  it('never overwrites what a pass has found meanwhile with what it had seen before', async () => {
    const { receive, ordersIn, process, pass, statesOf } = processing
    const folder = '/content/dam/second-look'
    await receive(`${folder}/a.dita`, topic('A', '<p><xref href="b.dita"/><xref href="c.dita"/></p>'))
    const comesLate = () => receive(`${folder}/b.dita`, topic('B'))
    const comesLater = () => receive(`${folder}/c.dita`, topic('C')).then(() => pass())
    await process(await ordersIn(folder), interrupted({ 2: comesLate }, { 3: comesLater }))
    await pass()
    expect(await statesOf(`${folder}/a.dita`)).toBe('waiting waiting')
  })

  it('is taken by a retried job, and does not overwrite either', async () => {
    const { receive, ordersIn, process, pass, statesOf } = processing
    const folder = '/content/dam/retried'
    await receive(`${folder}/a.dita`, topic('A', '<p><xref href="b.dita"/></p>'))
    const orders = await ordersIn(folder)
    await process(orders)
    expect(await statesOf(`${folder}/a.dita`)).toBe('REF_TARGET_MISSING')
    await process(orders, interrupted({}, { 1: () => receive(`${folder}/b.dita`, topic('B')).then(() => pass()) }))
    expect(await statesOf(`${folder}/a.dita`)).toBe('waiting')
  })

  it('of a pass does not overwrite what was found of an asset at the place to which it was moved meanwhile', async () => {
    const { receive, ordersIn, process, pass, statesOf, tree } = processing
    const [folder, elsewhere] = ['/content/dam/moved-away', '/content/dam/moved-here']
    await receive(`${folder}/a.dita`, topic('A', '<p><xref href="b.dita"/></p>'))
    await receive(`${elsewhere}/b.dita`, topic('B'))
    for (const each of [folder, elsewhere]) await process(await ordersIn(each))
    await pass()
    const moves = async () => {
      await tree.move({ source: parseAssetPath(`${folder}/a.dita`), destination: parseAssetPath(`${elsewhere}/a.dita`), overwrite: false })
      await process(await ordersIn(elsewhere))
    }
    await receive(`${folder}/b.dita`, topic('B'))
    await pass(interrupted({}, { 1: moves }))
    expect(await statesOf(`${elsewhere}/a.dita`)).toBe('ok')
  })

  describe('a loop of maps', () => {
    /** Maps with these maprefs, in a folder of their own. */
    const mapsIn = (folder: string) => ({
      async put(name: string, ...targets: readonly string[]) {
        const maprefs = targets.map((target) => `<mapref href="${target}.ditamap"/>`).join('')
        await processing.receive(`${folder}/${name}.ditamap`, `<map><title>${name}</title>${maprefs}</map>`)
        await processing.process(await processing.ordersIn(folder))
      },
      states: () => Promise.all(['a', 'b', 'c'].map((name) => processing.statesOf(`${folder}/${name}.ditamap`))),
    })

    it('is found by all its members, also by one to which only a member of another loop leads', async () => {
      const { put, states } = mapsIn('/content/dam/two-loops')
      await put('a', 'b')
      await put('b', 'a')
      await put('c', 'a')
      await processing.pass()
      expect(await states()).toEqual(['MAP_LOOP', 'MAP_LOOP', 'ok'])
      await put('b', 'a', 'c')
      await processing.pass()
      expect(await states()).toEqual(['MAP_LOOP', 'MAP_LOOP MAP_LOOP', 'MAP_LOOP'])
    })

    it('is forgotten by all, also if it is opened before all have heard of it', async () => {
      const { put, states } = mapsIn('/content/dam/opened-early')
      await put('a', 'b')
      await put('b', 'c')
      await processing.pass()
      await put('c', 'a')
      let passes = 0
      const takeTargetChanges: AssetStore['takeTargetChanges'] = async (limit) => {
        if (++passes === 2) await put('b')
        return processing.store.takeTargetChanges(limit)
      }
      await processing.pass({ ...processing.store, takeTargetChanges })
      expect(await states()).toEqual(['ok', '', 'ok'])
    })
  })

  it('finds a loop that a third asset closes while a new revision is read', async () => {
    const { receive, ordersIn, process, pass, statesOf } = processing
    const folder = '/content/dam/third'
    const map = (title: string, to?: string) =>
      `<map><title>${title}</title>${to === undefined ? '' : `<mapref href="${to}.ditamap"/>`}</map>`
    await receive(`${folder}/a.ditamap`, map('A', 'b'))
    await receive(`${folder}/b.ditamap`, map('B', 'c'))
    await receive(`${folder}/c.ditamap`, map('C'))
    await process(await ordersIn(folder))
    await pass()
    await receive(`${folder}/a.ditamap`, map('A once more', 'b'))
    const orders = await ordersIn(folder)
    const closeTheLoop = async () => {
      await receive(`${folder}/c.ditamap`, map('C', 'a'))
      await process((await ordersIn(folder)).filter(({ id }) => id !== orders[0]!.id))
      await pass()
    }
    const settle: AssetStore['settle'] = async (settlements) => {
      await closeTheLoop()
      return processing.store.settle(settlements)
    }
    await process(orders, { ...processing.store, settle })
    await pass()
    const states = await Promise.all(['a', 'b', 'c'].map((name) => statesOf(`${folder}/${name}.ditamap`)))
    expect(states).toEqual(['MAP_LOOP', 'MAP_LOOP', 'MAP_LOOP'])
  })
})

describe('a target that could not be read', () => {
  let processing: Processing
  beforeAll(async () => {
    processing = await openProcessing()
  })
  afterAll(() => processing?.[Symbol.asyncDispose]())

  it.each<[string, string, string, string]>([
    ['a content reference', '<p conref="b.html#t/x"/>', 'CONREF_UNRESOLVED', 'ok'],
    ['a link of another format', '<p><xref href="b.html" format="ditamap"/></p>', 'ok', 'REF_FORMAT'],
  ])('and then can is looked at again by %s', async (kind, body, before, after) => {
    const { receive, ordersIn, process, pass, statesOf } = processing
    const folder = `/content/dam/${kind.replaceAll(' ', '-')}`
    const settle = async () => {
      await process(await ordersIn(folder))
      await pass()
    }
    await receive(`${folder}/a.dita`, topic('A', body))
    await receive(`${folder}/b.html`, ' ')
    await settle()
    expect(await statesOf(`${folder}/a.dita`)).toBe(before)
    await receive(`${folder}/b.html`, '<p>Now there is something.</p>')
    await pass()
    expect(await statesOf(`${folder}/a.dita`)).toBe(before)
    await settle()
    expect(await statesOf(`${folder}/a.dita`)).toBe(after)
  })
})
