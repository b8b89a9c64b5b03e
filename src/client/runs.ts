import type { Run, RunAsset, RunLogPage, RunPreviewShape, StartRunRequest } from '../contract/native/run.ts'
import { clientPollDelayMaxMs, clientPollDelayMs } from '../model/client-limits.ts'
import { readAs, readJsonObject, requireText } from './json-answer.ts'
import { pause } from './pause.ts'
import type { Send } from './transport.ts'

const endpoint = '/api/v1/runs'

/** What to process; as `StartRunRequest` without `dryRun`. */
export type RunRequest = Omit<StartRunRequest, 'dryRun'>

/** Starts a processing run: `POST /api/v1/runs`. A lost answer is asked for again, and does not start a second one. */
export function startRun(send: Send, request: RunRequest): Promise<Run> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
  return send({ method: 'POST', target: endpoint, headers, body: JSON.stringify(request), repeatable: true }, readRun)
}

/** What a run would process and what it would leave out. */
export function previewRun(send: Send, request: RunRequest): Promise<RunPreviewShape> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ ...request, dryRun: true })
  return send({ method: 'POST', target: endpoint, headers, body, repeatable: true }, readAs<RunPreviewShape>)
}

/** How a run stands. */
export function getRun(send: Send, id: string, signal?: AbortSignal): Promise<Run> {
  return send({ method: 'GET', target: addressOf(id), repeatable: true, signal }, readRun)
}

type RunPage = { readonly items: readonly Run[]; readonly nextCursor: string | null }

/** The last runs, newest first; of a server that gives them in small pages as well. */
export async function listRuns(send: Send, limit: number): Promise<readonly Run[]> {
  const runs: Run[] = []
  for (let cursor: string | null = ''; cursor !== null && runs.length < limit; ) {
    const target = `${endpoint}?limit=${limit - runs.length}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
    const page: RunPage = await send({ method: 'GET', target, repeatable: true }, readAs<RunPage>)
    runs.push(...page.items)
    cursor = page.items.length === 0 ? null : page.nextCursor
  }
  return runs
}

/** The first assets of a run with that outcome, with the problems of those that failed. */
export async function listRunAssets(send: Send, id: string, outcome: RunAsset['outcome'], limit: number): Promise<readonly RunAsset[]> {
  const target = `${addressOf(id)}/assets?outcome=${outcome}&limit=${limit}`
  return (await send({ method: 'GET', target, repeatable: true }, readAs<{ readonly items: RunAsset[] }>)).items
}

/** A part of the log of a run: from a line on, or the last ones. */
export function readRunLog(
  send: Send,
  id: string,
  part: { readonly offset: number; readonly limit: number } | { readonly tail: number },
): Promise<RunLogPage> {
  const query = Object.entries(part).map(([name, value]) => `${name}=${value}`)
  return send({ method: 'GET', target: `${addressOf(id)}/log?${query.join('&')}`, repeatable: true }, readAs<RunLogPage>)
}

/**
 * Cancels a run, lets it go on from where it was cancelled or failed, or starts the same anew, which gives another run. Not repeated by
 * itself: where the answer was lost, the second try would be refused.
 */
export function changeRun(send: Send, id: string, change: 'cancel' | 'resume' | 'restart'): Promise<Run> {
  return send({ method: 'POST', target: `${addressOf(id)}/${change}`, repeatable: false }, readRun)
}

/** How long a run is waited for, and who is told meanwhile. */
export interface RunWaitOptions {
  /** Absent: for as long as it takes. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with each answer, the last one included. */
  readonly onProgress?: (run: Run) => void
}

/** Asks again and again until the run is over or the time is; gives how it stood then. */
export async function waitForRun(send: Send, id: string, { timeoutMs, signal, onProgress }: RunWaitOptions = {}): Promise<Run> {
  const until = performance.now() + (timeoutMs ?? Number.POSITIVE_INFINITY)
  for (let delayMs = clientPollDelayMs; ; delayMs = Math.min(delayMs * 1.5, clientPollDelayMaxMs / 5)) {
    const run = await getRun(send, id, signal)
    onProgress?.(run)
    if (run.finishedAt !== null || performance.now() + delayMs > until) return run
    await pause(delayMs, signal)
  }
}

function addressOf(id: string): string {
  return `${endpoint}/${encodeURIComponent(id)}`
}

async function readRun(response: Response): Promise<Run> {
  const run = await readJsonObject(response)
  requireText(run, 'id')
  requireText(run, 'status')
  return run as unknown as Run
}
