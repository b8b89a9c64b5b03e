import { type AssayServer, storageFaultRate } from './assay-server.ts'

/** One entry of a status list, as the wire shows it. */
export interface Listed {
  readonly path: string
  readonly uuid?: string
  readonly status: 'PENDING' | 'PROCESSING' | 'SUCCESS' | 'FAILURE'
  readonly exists: boolean
}

/** The answer to the start or the poll of a status job. */
export interface JobAnswer {
  readonly jobId: string
  readonly status: string
  readonly assets?: readonly Listed[]
}

/** The answer to an upload. */
export interface Receipt {
  readonly path: string
  readonly uuid: string
  readonly revision: number
  readonly outcome: string
}

/** A problem of an asset, as the wire shows it. */
export interface Problem {
  readonly code: string
  readonly severity: string
  readonly message: string
  readonly remedy: string
  readonly line: number | null
  readonly column: number | null
  readonly excerpt: string | null
}

/** A reference of an asset, as the wire shows it. */
export interface OutgoingReference {
  readonly element: string
  readonly attribute: string
  readonly value: string
  readonly line: number
  readonly state: string
  readonly target: string | null
}

/** Everything about one asset, as the wire shows it. */
export interface Detail extends Receipt {
  readonly status: Listed['status']
  readonly ignored: boolean
  readonly title: string | null
  readonly sha256: string
  readonly receivedAt: string
  readonly settledAt: string | null
  readonly problems: readonly Problem[]
  readonly facts: Readonly<Record<string, unknown>> | null
  readonly references: { readonly out: readonly OutgoingReference[]; readonly in: readonly { path: string; status: string }[] }
}

/** What `fetch` can send. */
export type Body = NonNullable<RequestInit['body']>

/** What a request has besides its address. */
export interface Send {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body | null
  /** `null`: without a credential. */
  readonly authorization?: string | null
}

/** Where status jobs are started and polled. */
export const statusAddress = '/bin/guides/v1/assets/status'

type Target = Pick<AssayServer, 'url' | 'authorization'>

/** The server as a script sees it: HTTP alone. */
export type AssayApi = ReturnType<typeof apiOf>

let folders = 0

/**
 * Calls of a server with the administrator's credential. `isPatient`: as a client should, it sends again what is answered with 503; by itself
 * where stores fail on purpose in tests of other things.
 */
export function apiOf(server: Target, isPatient = storageFaultRate !== null) {
  const sendOnce = (address: string, options: Send): Promise<Response> => {
    const authorization = options.authorization === undefined ? server.authorization : options.authorization
    return fetch(server.url + address, {
      method: options.method ?? 'GET',
      headers: { ...(authorization !== null && { authorization }), ...options.headers },
      body: options.body ?? null,
      redirect: 'manual',
    })
  }
  const send = async (address: string, options: Send = {}): Promise<Response> => {
    if (!isPatient) return sendOnce(address, options)
    return eventually(
      () => sendOnce(address, options),
      ({ status }) => status !== 503,
    )
  }
  const put = (path: string, body: Body, headers: Record<string, string> = {}) => send(encodePath(path), { method: 'PUT', body, headers })
  const start = (body: unknown, headers: Record<string, string> = {}) =>
    send(statusAddress, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } })
  const collect = async (paths: readonly string[], excludedPaths: readonly string[] = []): Promise<readonly Listed[]> =>
    listOf(await start({ paths, excludedPaths }, { prefer: 'wait=60' }))

  return {
    send,
    put,
    start,
    collect,
    /** Uploads and expects success. */
    async upload(path: string, body: string | Uint8Array): Promise<Receipt> {
      const response = await put(path, body)
      if (!response.ok) throw new Error(`PUT ${path} answered ${response.status}: ${await response.text()}`)
      return (await response.json()) as Receipt
    },
    remove: (path: string) => send(encodePath(path), { method: 'DELETE' }),
    /** Starts a job in any form and gives the paths that its list has. */
    async pathsOf(response: Response): Promise<readonly string[]> {
      return (await finishJob(send, response)).map((asset) => asset.path)
    },
    /** The finished list of a job whose start has just been answered. */
    finish: (response: Response) => finishJob(send, response),
    poll: (jobId: string, headers: Record<string, string> = {}, query = '') =>
      send(`${statusAddress}?jobId=${encodeURIComponent(jobId)}${query}`, { headers }),
    /** Collects again and again until every asset has its final status. */
    async settled(paths: readonly string[], timeoutMs = 20_000): Promise<readonly Listed[]> {
      return eventually(
        () => collect(paths),
        (assets) => assets.every(({ status }) => status === 'SUCCESS' || status === 'FAILURE'),
        timeoutMs,
      )
    },
    /** Everything about one asset. */
    async detail(path: string): Promise<Detail> {
      const response = await send(`/api/v1/assets/by-path?path=${encodeURIComponent(path)}`)
      if (!response.ok) throw new Error(`The detail of ${path} answered ${response.status}: ${await response.text()}`)
      return (await response.json()) as Detail
    },
    /** A folder that no other test uses, also not one of another file. */
    folder: (name: string) => `/content/dam/${name}-${process.pid}-${++folders}`,
  }
}

async function finishJob(send: (address: string, options?: Send) => Promise<Response>, started: Response): Promise<readonly Listed[]> {
  const { jobId, assets } = await jobOf(started)
  if (assets) return assets
  return eventually(
    async () => (await (await send(`${statusAddress}?jobId=${jobId}`, { headers: { prefer: 'wait=60' } })).json()) as JobAnswer,
    (job) => job.status === 'SUCCESS',
  ).then((job) => job.assets!)
}

async function listOf(response: Response): Promise<readonly Listed[]> {
  const { status, assets } = await jobOf(response)
  if (!assets) throw new Error(`The status job is ${status}.`)
  return assets
}

async function jobOf(response: Response): Promise<JobAnswer> {
  const text = await response.text()
  if (response.status !== 200) throw new Error(`A status job answered ${response.status}: ${text}`)
  return JSON.parse(text) as JobAnswer
}

/** Asks until the answer is as wanted. Rejects with the last answer when that does not happen in time. */
export async function eventually<T>(ask: () => Promise<T>, isDone: (answer: T) => boolean, timeoutMs = 20_000): Promise<T> {
  const until = performance.now() + timeoutMs
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 1.5, 250)) {
    const answer = await ask()
    if (isDone(answer)) return answer
    if (performance.now() > until)
      throw new Error(`Not so after ${timeoutMs} ms. The last answer: ${JSON.stringify(answer)?.slice(0, 4000)}`)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** Percent-encodes each segment of a path once. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** A DITA topic with this title. */
export function topic(title: string, body = '', id = 'topic'): string {
  const text = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE topic PUBLIC "-//OASIS//DTD DITA Topic//EN" "topic.dtd">
<topic id="${id}"><title>${text}</title><body>${body}</body></topic>
`
}
