import { expect, it } from 'vitest'
import { minLargeDocumentBytes } from '../../src/model/large-limits.ts'
import { maxReadBatchDocumentBytes, maxSettleBytes } from '../../src/model/limits.ts'
import type { AssetStore, Settlement } from '../../src/processing/ports.ts'
import { topic } from '../support/assay-api.ts'
import { openProcessing } from './processing-harness.ts'

function sizeOf({ reading: { facts, problems, references, targets } }: Settlement): number {
  return facts.length + problems.length + references.length + targets.length
}

it('settles assets with large results in parts, so that memory is bounded by the limit and not by the batch', async () => {
  await using processing = await openProcessing()
  const { store, receive, ordersIn, process } = processing
  const folder = '/content/dam/large'
  const content = topic('Large', '<p id="1"/>'.repeat(1500))
  for (let number = 0; number < 40; number++) await receive(`${folder}/${number}.dita`, content)
  const settled: number[] = []
  const counting: AssetStore = {
    ...store,
    async settle(settlements) {
      if (settlements.length > 1) settled.push(settlements.reduce((size, settlement) => size + sizeOf(settlement), 0))
      return store.settle(settlements)
    },
  }
  await process(await ordersIn(folder), counting)
  expect(await ordersIn(folder)).toEqual([])
  expect(settled.length).toBeGreaterThan(1)
  expect(Math.max(...settled)).toBeLessThanOrEqual(maxSettleBytes)

  await receive(`${folder}/huge.dita`, topic('Huge', 'x'.repeat(maxReadBatchDocumentBytes)))
  await receive(`${folder}/small.dita`, topic('Small'))
  await receive(`${folder}/empty.txt`, '')
  const order: string[][] = []
  await process(await ordersIn(folder), {
    ...store,
    settle(settlements) {
      order.push(settlements.map(({ claim }) => claim.path))
      return store.settle(settlements)
    },
  })
  expect(order).toEqual([[`${folder}/empty.txt`, `${folder}/small.dita`], [`${folder}/huge.dita`]])

  const steps: string[] = []
  const telling: AssetStore = {
    ...store,
    readPacked(assets) {
      steps.push('read')
      return store.readPacked(assets)
    },
    async settle(settlements) {
      const current = await store.settle(settlements)
      steps.push('settled')
      return current
    },
  }
  for (const name of ['one', 'other']) await receive(`${folder}/${name}.dita`, topic(name, 'x'.repeat(minLargeDocumentBytes)))
  const orders = await ordersIn(folder)
  await Promise.all(orders.map((order) => process([order], telling)))
  expect(steps).toEqual(['read', 'settled', 'read', 'settled'])
})
