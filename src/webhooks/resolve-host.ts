import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { maxWebhooks, webhookLookupsAtOnce, webhookLookupTimeoutMs } from '../model/webhook-limits.ts'

/** All addresses of a host name. Rejects when it has none. */
export type ResolveHost = (hostname: string) => Promise<LookupAddress[]>

/** Asks the operating system, which knows names that are in no DNS. */
export const resolveHost = createHostResolver((hostname) => lookup(hostname, { all: true }))

interface Question {
  readonly hostname: string
  readonly begin: () => void
}

/**
 * Asks for a few names at a time, for each takes one of the few threads of Node until it is answered, which for a dead name server is many
 * seconds; who asked waits for `timeoutMs` and no question is asked for who has left. Names that were not answered in time share one place,
 * so that they delay no others.
 */
export function createHostResolver(ask: ResolveHost, timeoutMs = webhookLookupTimeoutMs): ResolveHost {
  const waiting = new Set<Question>()
  const running = new Set<Question>()
  const slow = new Set<string>()

  function beginNext(): void {
    const isSlowRunning = [...running].some(({ hostname }) => slow.has(hostname))
    const next = waiting.values().find(({ hostname }) => !(isSlowRunning && slow.has(hostname)))
    if (running.size >= webhookLookupsAtOnce || next === undefined) return
    waiting.delete(next)
    running.add(next)
    next.begin()
    beginNext()
  }

  async function answerTo(question: Question): Promise<LookupAddress[]> {
    try {
      const startedAt = performance.now()
      const addresses = await ask(question.hostname)
      if (performance.now() - startedAt < timeoutMs) slow.delete(question.hostname)
      return addresses
    } finally {
      running.delete(question)
      beginNext()
    }
  }

  return (hostname) =>
    new Promise((resolve, reject) => {
      const question: Question = {
        hostname,
        begin: () =>
          void answerTo(question)
            .finally(() => clearTimeout(timer))
            .then(resolve, reject),
      }
      const timer = setTimeout(() => {
        if (!waiting.delete(question)) remember(hostname)
        reject(Object.assign(new Error('The name server does not answer.'), { code: 'ETIMEOUT' }))
      }, timeoutMs)
      waiting.add(question)
      beginNext()
    })

  function remember(hostname: string): void {
    if (slow.size >= maxWebhooks) slow.clear()
    slow.add(hostname)
  }
}
