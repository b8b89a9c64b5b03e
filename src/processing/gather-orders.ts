import {
  bulkOrderGatherMs,
  maxOrderGatherAssets,
  maxOrderGatherMs,
  orderGatherMs,
  orderRetryMs,
  smallBatchAssets,
} from '../model/queue-limits.ts'
import type { AssetStore } from './ports.ts'

/**
 * Sends the orders that wait, some of them together. Disposing of it sends no more, and waits for what is being sent: what waits is stored, and sent at
 * the next start.
 */
export interface OrderGathering extends AsyncDisposable {
  /**
   * So many more wait. They are sent when none has come for `orderGatherMs`, or where many wait for `bulkOrderGatherMs`, at the latest
   * after `maxOrderGatherMs`, or when `maxOrderGatherAssets` wait, and again until that succeeds. So a lonely upload is processed at once,
   * and a client that sends one file after another gets the machine for receiving them: nobody waits for a result in the middle of it.
   * None more: something else waits to be sent with them.
   */
  sendSoon(orders: number): void
}

/** Begins with what a former process has left. `onFailure` is told of each failed try. */
export function gatherOrders(store: Pick<AssetStore, 'sendWaitingOrders'>, onFailure: (error: unknown) => void): OrderGathering {
  let timer: NodeJS.Timeout | null = null
  let waiting = 0
  let sinceAt = performance.now()
  let lastAt = 0
  const sendings = new Set<Promise<void>>()
  let closed = false
  const plan = (delayMs: number) => {
    if (!closed) timer ??= setTimeout(look, delayMs)
  }
  const look = () => {
    timer = null
    const quietMs = waiting < smallBatchAssets ? orderGatherMs : bulkOrderGatherMs
    const dueAt = Math.min(lastAt + quietMs, sinceAt + maxOrderGatherMs)
    const leftMs = waiting < maxOrderGatherAssets ? dueAt - performance.now() : 0
    if (leftMs >= 1) plan(leftMs)
    else send()
  }
  const send = () => {
    waiting = 0
    const sending = store
      .sendWaitingOrders()
      .catch((error: unknown) => {
        onFailure(error)
        plan(orderRetryMs)
      })
      .finally(() => sendings.delete(sending))
    sendings.add(sending)
  }
  plan(orderGatherMs)
  return {
    sendSoon(orders) {
      lastAt = performance.now()
      if (timer === null) sinceAt = lastAt
      waiting += orders
      if (waiting < maxOrderGatherAssets) return plan(orderGatherMs)
      if (timer) clearTimeout(timer)
      timer = null
      if (!closed) send()
    },
    async [Symbol.asyncDispose]() {
      closed = true
      if (timer) clearTimeout(timer)
      await Promise.all(sendings)
    },
  }
}
