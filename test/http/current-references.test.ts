import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AssetDetail } from '../../src/contract/native/asset.ts'
import { topic } from '../support/assay-api.ts'
import { engines } from '../support/test-database.ts'
import { type HttpHarness, startHttpHarness } from './http-harness.ts'

/** Nothing resolves references again here but the look itself. */
describe.each(engines)('the detail of an asset whose targets have changed (%s)', (engine) => {
  let harness: HttpHarness
  beforeAll(async () => {
    harness = await startHttpHarness({}, engine)
  })
  afterAll(() => harness?.[Symbol.asyncDispose]())

  const standing = async () => {
    const { references, problems, problemCounts } = (await (
      await harness.fetch('/api/v1/assets/by-path?path=/content/dam/now/a.dita')
    ).json()) as AssetDetail
    return [references.out[0]!.state, problems.map(({ code, excerpt }) => [code, excerpt]), problemCounts.warning]
  }
  const missing = ['REF_TARGET_MISSING', [['REF_TARGET_MISSING', expect.stringContaining('<xref href="b.dita"/>')]], 1]

  it('shows its references as they stand, before a pass has told', async () => {
    await harness.put('/content/dam/now/a.dita', topic('A', '<p><xref href="b.dita"/></p>'))
    await harness.postProcess()
    expect(await standing()).toEqual(missing)
    await harness.put('/content/dam/now/b.dita', topic('B'))
    expect(await standing()).toEqual(['waiting', [], 0])
    await harness.postProcess()
    expect(await standing()).toEqual(['ok', [], 0])
    await harness.fetch('/content/dam/now/b.dita', { method: 'DELETE' })
    expect(await standing()).toEqual(missing)
  })
})
