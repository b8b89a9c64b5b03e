import { orderGatherMs, orderRetryMs } from '../model/limits.ts'
import type { AssetStore } from './ports.ts'

/** Sends the orders that wait, some of them together. Disposing of it sends no more: what waits is stored, and sent at the next start. */
export interface OrderGathering extends AsyncDisposable {
  /** Sends what waits in `orderGatherMs` at the latest, and again until it succeeds. */
  sendSoon(): void
}

/** Begins with what a former process has left. `onFailure` is told of each failed try. */
export function gatherOrders(store: Pick<AssetStore, 'sendWaitingOrders'>, onFailure: (error: unknown) => void): OrderGathering {
  let timer: NodeJS.Timeout | null = null
  let sending = Promise.resolve()
  let closed = false
  const plan = (delayMs: number) => {
    if (!closed) timer ??= setTimeout(send, delayMs)
  }
  const send = () => {
    timer = null
    sending = store.sendWaitingOrders().catch((error: unknown) => {
      onFailure(error)
      plan(orderRetryMs)
    })
  }
  plan(orderGatherMs)
  return {
    sendSoon: () => plan(orderGatherMs),
    async [Symbol.asyncDispose]() {
      closed = true
      if (timer) clearTimeout(timer)
      await sending
    },
  }
}
