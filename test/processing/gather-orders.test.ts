import { expect, it, vi } from 'vitest'
import { orderGatherMs, orderRetryMs } from '../../src/model/limits.ts'
import { gatherOrders } from '../../src/processing/gather-orders.ts'

it('sends what waits once for all who ask, tries again after a failure, and stops when it is told to', async () => {
  vi.useFakeTimers()
  try {
    const failures: unknown[] = []
    let sends = 0
    const sendWaitingOrders = async () => {
      if (++sends === 2) throw new Error('away')
    }
    const orders = gatherOrders({ sendWaitingOrders }, (error) => failures.push(error))
    orders.sendSoon()
    await vi.advanceTimersByTimeAsync(orderGatherMs)
    expect(sends).toBe(1)
    orders.sendSoon()
    orders.sendSoon()
    await vi.advanceTimersByTimeAsync(orderGatherMs)
    expect([sends, failures]).toEqual([2, [new Error('away')]])
    await vi.advanceTimersByTimeAsync(orderRetryMs)
    expect(sends).toBe(3)
    orders.sendSoon()
    await orders[Symbol.asyncDispose]()
    await vi.advanceTimersByTimeAsync(orderRetryMs)
    expect(sends).toBe(3)
  } finally {
    vi.useRealTimers()
  }
})
