import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
    const comesLater = () => receive(`${folder}/c.dita`, topic('C')).then(pass)
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
    await process(orders, interrupted({}, { 1: () => receive(`${folder}/b.dita`, topic('B')).then(pass) }))
    expect(await statesOf(`${folder}/a.dita`)).toBe('waiting')
  })
})
