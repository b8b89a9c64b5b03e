import type { ListedAsset } from '../contract/guides/status-job.ts'
import { isFinal } from '../model/asset-status.ts'
import { clientPollDelayMaxMs, clientPollDelayMs, clientPreferWaitSeconds } from '../model/client-limits.ts'
import { ClientError } from './client-error.ts'
import { pause } from './pause.ts'
import { pollStatusJob, type StatusJobAnswer, startStatusJob } from './status-jobs.ts'
import type { Send } from './transport.ts'

/** What is left out of a list, and what ends its collecting. */
export interface CollectOptions {
  readonly excluded?: readonly string[]
  readonly signal?: AbortSignal | undefined
}

/** As {@link CollectOptions}, and how long to wait. */
export interface WaitOptions extends CollectOptions {
  /** Absent: for as long as it takes. */
  readonly timeoutMs?: number | undefined
  /** Called with each list, the last one included. */
  readonly onProgress?: (assets: readonly ListedAsset[]) => void
}

/** The assets under some paths, and how many more there are that path rules ignore. */
export interface StatusList {
  readonly assets: readonly ListedAsset[]
  readonly ignored: number
}

/** The last list that was seen, and whether every asset in it had its final status. */
export interface WaitResult extends StatusList {
  readonly settled: boolean
}

/** Runs one status job to its end and gives its list. A job that the server has lost (it was restarted) is started again, once. */
export async function collectStatus(send: Send, paths: readonly string[], options: CollectOptions): Promise<StatusList> {
  try {
    return await runStatusJob(send, paths, options)
  } catch (error) {
    if (!(error instanceof ClientError) || error.kind !== 'not-found') throw error
    return await runStatusJob(send, paths, options)
  }
}

/**
 * Repeats status jobs until no asset is PENDING or PROCESSING, or the time is over: only the asset-status API itself is used, so this works
 * against every server that speaks it. Asks at most half of the time: after a list that took a second it waits a second.
 */
export async function waitForStatus(send: Send, paths: readonly string[], options: WaitOptions): Promise<WaitResult> {
  const timeout = options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs)
  const signal = AbortSignal.any([options.signal, timeout].filter((each) => each !== undefined))
  let list: StatusList = { assets: [], ignored: 0 }
  try {
    for (let delayMs = clientPollDelayMs; ; delayMs = longer(delayMs)) {
      const startedAt = performance.now()
      list = await collectStatus(send, paths, { ...options, signal })
      options.onProgress?.(list.assets)
      if (list.assets.every((asset) => isFinal(asset.status))) return { ...list, settled: true }
      await pause(Math.max(delayMs, performance.now() - startedAt), signal)
    }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (timeout?.aborted) return { ...list, settled: false }
    throw error
  }
}

async function runStatusJob(send: Send, paths: readonly string[], options: CollectOptions): Promise<StatusList> {
  const ask = { signal: options.signal, waitSeconds: clientPreferWaitSeconds }
  let job = await startStatusJob(send, paths, options.excluded ?? [], ask)
  for (let delayMs = clientPollDelayMs; ; delayMs = longer(delayMs)) {
    if (job.status === 'FAILURE') throw new ClientError('The server could not collect the statuses.', { kind: 'server' })
    if (job.assets !== undefined) return { assets: job.assets, ignored: job.ignored }
    job = await nextAnswer(send, job, delayMs, ask)
  }
}

/** The answer to the start of a job may already say SUCCESS but never has to hold the list: the poll does. */
async function nextAnswer(
  send: Send,
  job: StatusJobAnswer,
  delayMs: number,
  ask: { signal: AbortSignal | undefined; waitSeconds: number },
) {
  if (job.status !== 'SUCCESS') await pause(job.retryAfterMs ?? delayMs, ask.signal)
  const next = await pollStatusJob(send, job.jobId, ask)
  if (next.status === 'SUCCESS' && next.assets === undefined) {
    throw new ClientError('The server finished the status job but its answer has no list of assets.', { kind: 'protocol' })
  }
  return next
}

function longer(delayMs: number): number {
  return Math.min(delayMs * 1.5, clientPollDelayMaxMs)
}
