import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AssetStore } from '../../src/processing/ports.ts'
import { openProcessing, type Processing } from '../processing/processing-harness.ts'
import { topic } from '../support/assay-api.ts'
import { type StorageFault, withFaults } from './storage-faults.ts'

const mostCalls = 40

let processing: Processing
beforeAll(async () => {
  processing = await openProcessing()
})
afterAll(() => processing?.[Symbol.asyncDispose]())

/** Lets the `n`th call fail, and tells whether it came to that. */
function failingAt(store: AssetStore, n: number, fault: StorageFault): { readonly store: AssetStore; readonly hasFailed: () => boolean } {
  let calls = 0
  return { store: withFaults(store, () => (++calls === n ? fault : null)), hasFailed: () => calls >= n }
}

test.each(['fail', 'do and fail'] as const)(
  'post-processing in which any one call of the store does this (%s) is done when tried again',
  async (fault) => {
    for (let n = 1; ; n++) {
      const folder = `/content/dam/each-${fault.replaceAll(' ', '-')}/${n}`
      await processing.receive(`${folder}/a.dita`, topic('A', '<p><xref href="b.dita#topic"/></p>'))
      await processing.receive(`${folder}/b.dita`, topic('B'))
      const orders = await processing.ordersIn(folder)
      const failing = failingAt(processing.store, n, fault)
      const outcome = await processing.process(orders, failing.store).then(
        () => 'done',
        () => 'failed',
      )
      // As the queue does with a job that failed.
      await processing.process(orders)
      await processing.pass()
      for (const name of ['a', 'b']) {
        expect(await processing.outcomeOf(`${folder}/${name}.dita`), `call ${n}`).toMatchObject({ status: 'SUCCESS', problems: [] })
      }
      expect(await processing.ordersIn(folder)).toEqual([])
      if (!failing.hasFailed()) {
        expect([outcome, n > 4]).toEqual(['done', true])
        return
      }
      expect(n).toBeLessThan(mostCalls)
    }
  },
)
