import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assetEvents, assetLifecycle, assetStatuses, isFinal, statusesAccepting } from '../../src/model/asset-status.ts'

describe('the life of an asset', () => {
  it('is a total table', () => {
    for (const status of assetStatuses) for (const event of assetEvents) expect(assetLifecycle[status][event]).not.toBe(undefined)
  })

  it('reaches a final status only from PROCESSING, so that nothing is a SUCCESS that no worker claimed', () => {
    for (const status of assetStatuses) {
      for (const event of assetEvents) {
        const next = assetLifecycle[status][event]
        if (next !== null && isFinal(next))
          expect({ status, event }).toEqual({ status: 'PROCESSING', event: expect.stringMatching(/^(succeeded|failed)$/) })
      }
    }
  })

  it('takes a new revision in every status', () => {
    expect(statusesAccepting('received')).toEqual(assetStatuses)
  })

  it('can be finished from everywhere: no sequence of events leads into a dead end', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...assetEvents)), (events) => {
        let status: (typeof assetStatuses)[number] = 'PENDING'
        for (const event of events) status = assetLifecycle[status][event] ?? status
        if (isFinal(status)) return
        const claimed = assetLifecycle[status].claimed
        expect(claimed).toBe('PROCESSING')
        expect(assetLifecycle[claimed!].succeeded).toBe('SUCCESS')
      }),
    )
  })
})
