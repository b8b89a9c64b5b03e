import type { ListedAsset, StatusJob } from '../contract/guides/status-job.ts'
import { assetStatuses } from '../model/asset-status.ts'
import { maxPreferWaitSeconds } from '../model/limits.ts'
import { statusJobStatuses } from '../model/status-job-status.ts'
import { ClientError } from './client-error.ts'
import { readJsonObject, requireText } from './json-answer.ts'
import { retryAfterMs } from './retry-after.ts'
import type { Send } from './transport.ts'

/** How a status job stands. `assets` is there when the job is a SUCCESS. */
export interface StatusJobAnswer extends StatusJob {
  /** When the server wants to be asked again: at once where it held this answer, as it was asked to; `null` when it does not say. */
  readonly retryAfterMs: number | null
  /** Assets in its paths that are not listed, because path rules ignore them; 0 where the server does not say. */
  readonly ignored: number
}

/** How a status job is asked about. */
export interface AskOptions {
  /** Asks the server to hold its answer until there is news, at most this long. Servers may ignore it. */
  readonly waitSeconds?: number
  readonly signal?: AbortSignal | undefined
}

const endpoint = '/bin/guides/v1/assets/status'

/** Starts a status job: `POST /bin/guides/v1/assets/status`. Starting twice does no harm, so a lost answer is asked for again. */
export function startStatusJob(
  send: Send,
  paths: readonly string[],
  excluded: readonly string[],
  ask: AskOptions,
): Promise<StatusJobAnswer> {
  const body = JSON.stringify(excluded.length === 0 ? { paths } : { paths, excludedPaths: excluded })
  const headers = { 'content-type': 'application/json', ...preferWait(ask) }
  return send({ method: 'POST', target: endpoint, headers, body, repeatable: true, signal: ask.signal }, readAnswer)
}

/** Asks how a status job stands: `GET /bin/guides/v1/assets/status?jobId=…`. */
export function pollStatusJob(send: Send, jobId: string, ask: AskOptions): Promise<StatusJobAnswer> {
  const target = `${endpoint}?jobId=${encodeURIComponent(jobId.trim())}`
  return send({ method: 'GET', target, headers: preferWait(ask), repeatable: true, signal: ask.signal }, readAnswer)
}

/** RFC 7240, section 4.3. */
function preferWait({ waitSeconds = 0 }: AskOptions): Record<string, string> {
  const seconds = Math.min(Math.floor(waitSeconds), maxPreferWaitSeconds)
  return seconds > 0 ? { prefer: `wait=${seconds}` } : {}
}

function held(response: Response): boolean {
  return /\bwait\b/.test(response.headers.get('preference-applied') ?? '')
}

/**
 * Reads an answer of either request and checks what it relies on; keys it does not know are left aside. The list is parsed as a whole: one
 * of a million assets is about 120 MB of JSON and needs about four times that in memory for a moment.
 */
async function readAnswer(response: Response): Promise<StatusJobAnswer> {
  const answer = await readJsonObject(response)
  const said = requireText(answer, 'status')
  const status = statusJobStatuses.find((each) => each === said)
  if (status === undefined) throw new ClientError(`The server reports an unknown status of its job: ${said}.`, { kind: 'protocol' })
  const common = {
    jobId: requireText(answer, 'jobId'),
    status,
    retryAfterMs: held(response) ? 0 : retryAfterMs(response.headers),
    ignored: Number(response.headers.get('x-ignored-count')) || 0,
  }
  return status === 'SUCCESS' && answer.assets !== undefined ? { ...common, assets: checkAssets(answer.assets) } : common
}

function checkAssets(assets: unknown): ListedAsset[] {
  if (!Array.isArray(assets)) throw new ClientError("The server's answer has no list of assets.", { kind: 'protocol' })
  for (const asset of assets) {
    if (typeof asset?.path !== 'string' || !assetStatuses.includes(asset.status)) {
      throw new ClientError(`The server lists an asset in an unknown form: ${JSON.stringify(asset).slice(0, 200)}`, { kind: 'protocol' })
    }
  }
  return assets
}
