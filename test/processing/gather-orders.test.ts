import { expect, it, vi } from 'vitest'
import { maxOrderGatherAssets, maxOrderGatherMs, orderGatherMs, orderRetryMs } from '../../src/model/queue-limits.ts'
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
    orders.sendSoon(1)
    await vi.advanceTimersByTimeAsync(orderGatherMs)
    expect(sends).toBe(1)
    orders.sendSoon(1)
    orders.sendSoon(1)
    await vi.advanceTimersByTimeAsync(orderGatherMs)
    expect([sends, failures]).toEqual([2, [new Error('away')]])
    await vi.advanceTimersByTimeAsync(orderRetryMs)
    expect(sends).toBe(3)
    orders.sendSoon(1)
    await orders[Symbol.asyncDispose]()
    await vi.advanceTimersByTimeAsync(orderRetryMs)
    expect(sends).toBe(3)
  } finally {
    vi.useRealTimers()
  }
})

it('waits for the end of a stream of uploads, but not for long, and not once a batch is full', async () => {
  vi.useFakeTimers()
  try {
    let sends = 0
    const orders = gatherOrders({ sendWaitingOrders: async () => void sends++ }, () => {})
    const stream = async (ms: number) => {
      for (let past = 0; past < ms; past += orderGatherMs / 5) {
        orders.sendSoon(1)
        await vi.advanceTimersByTimeAsync(orderGatherMs / 5)
      }
    }
    await stream(maxOrderGatherMs - orderGatherMs)
    expect(sends).toBe(0)
    await vi.advanceTimersByTimeAsync(orderGatherMs)
    expect(sends).toBe(1)
    await stream(maxOrderGatherMs + orderGatherMs / 5)
    expect(sends).toBe(2)
    orders.sendSoon(maxOrderGatherAssets)
    expect(sends).toBe(3)
    await orders[Symbol.asyncDispose]()
  } finally {
    vi.useRealTimers()
  }
})

it('ends when all that it is sending has been sent, in whatever order that comes to its end', async () => {
  const sent = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let begun = 0
  const orders = gatherOrders({ sendWaitingOrders: () => sent[begun++]!.promise }, () => {})
  for (const _ of sent) orders.sendSoon(maxOrderGatherAssets)
  let hasEnded = false
  const ended = orders[Symbol.asyncDispose]().then(() => {
    hasEnded = true
  })
  sent[1]!.resolve()
  await new Promise(setImmediate)
  expect([begun, hasEnded]).toEqual([2, false])
  sent[0]!.resolve()
  await ended
})
