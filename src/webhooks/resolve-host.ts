import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { webhookLookupsAtOnce, webhookLookupTimeoutMs } from '../model/webhook-limits.ts'

/** All addresses of a host name. Rejects when it has none. */
export type ResolveHost = (hostname: string) => Promise<LookupAddress[]>

const waiting: (() => void)[] = []
let running = 0

/**
 * Asks the operating system, which knows names that are in no DNS. That takes one of the few threads of Node until it answers, which for a
 * dead name server is many seconds: so only a few names are asked for at a time, and who asked waits for a limited time.
 */
export async function resolveHost(hostname: string): Promise<LookupAddress[]> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(Object.assign(new Error('The name server does not answer.'), { code: 'ETIMEOUT' })),
    webhookLookupTimeoutMs,
  )
  try {
    return await Promise.race([lookUp(hostname), late])
  } finally {
    clearTimeout(timer)
  }
}

async function lookUp(hostname: string): Promise<LookupAddress[]> {
  if (running >= webhookLookupsAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    return await lookup(hostname, { all: true })
  } finally {
    running--
    waiting.shift()?.()
  }
}
