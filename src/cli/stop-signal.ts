import { once } from 'node:events'

/** Settles at the first request to stop. A second one ends the process the hard way, as it would without us. */
export async function stopSignal(): Promise<void> {
  const heard = new AbortController()
  const names = ['SIGINT', 'SIGTERM'] as const
  await Promise.race(names.map((name) => once(process, name, { signal: heard.signal }))).finally(() => heard.abort())
}
