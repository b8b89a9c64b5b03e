import {
  clientAnswerTimeoutMs,
  clientAttempts,
  clientFirstContactAttempts,
  clientRetryDelayMaxMs,
  clientRetryDelayMs,
} from '../model/client-limits.ts'
import { ClientError, errorOfAnswer } from './client-error.ts'
import { pause } from './pause.ts'
import { retryAfterMs } from './retry-after.ts'

/** Who asks: a user with a password, the bearer of a token, or nobody. */
export type Credential = { readonly user: string; readonly password: string } | { readonly token: string } | 'none'

/** A body that can be sent again if the first try fails; a stream cannot. */
export type RepeatableBody = string | Uint8Array<ArrayBuffer> | Blob

interface OutgoingRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path and query, percent-encoded. */
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: RepeatableBody | ReadableStream<Uint8Array>
  /** Whether sending it twice does no harm. */
  readonly repeatable: boolean
  /** It removes something, so that 404 to a repetition means that a try before has done it whose answer was lost. */
  readonly isRemoval?: boolean
  readonly signal?: AbortSignal | undefined
  /** `null`: as long as it takes. */
  readonly timeoutMs?: number | null
}

/** Sends a request and hands the answer, if it is a success, to `read`. Throws {@link ClientError}, or the reason of an aborted signal. */
export type Send = <T>(request: OutgoingRequest, read: (response: Response) => Promise<T>) => Promise<T>

/** Which server, with which credential. `fetch` replaces that of the platform. */
export interface TransportOptions {
  readonly url: string
  readonly credential: Credential
  readonly fetch?: typeof globalThis.fetch
}

/** Statuses with which a server or the proxy before it asks to come again. */
const comeAgain = new Set([429, 502, 503, 504])

/** Makes a sender for one server: adds the credential, repeats what may be repeated with growing delays, and words what failed. */
export function createTransport({ url, credential, fetch = globalThis.fetch }: TransportOptions): Send {
  const base = url.replace(/\/+$/, '')
  const authorization = authorizationOf(credential)
  let reached = false

  async function attempt<T>(request: OutgoingRequest, read: (response: Response) => Promise<T>): Promise<T | Comeback> {
    const { method, target, headers, body, signal, timeoutMs = clientAnswerTimeoutMs } = request
    const limits = [signal, timeoutMs === null ? undefined : AbortSignal.timeout(timeoutMs)].filter((each) => each !== undefined)
    try {
      const response = await fetch(`${base}${target}`, {
        method,
        headers: { accept: 'application/json', ...authorization, ...headers },
        redirect: 'manual',
        ...(limits.length === 0 ? {} : { signal: AbortSignal.any(limits) }),
        ...(body === undefined ? {} : { body }),
        ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
      })
      reached = true
      if (response.ok) return await read(response)
      return new Comeback(await errorOfAnswer(response, body), comeAgain.has(response.status), retryAfterMs(response.headers))
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof ClientError) throw error
      return new Comeback(unreachable(base, error), true, null)
    }
  }

  return async (request, read) => {
    const mayRepeat = request.repeatable && !(request.body instanceof ReadableStream)
    for (let tries = 1; ; tries++) {
      const result = await attempt(request, read)
      if (!(result instanceof Comeback)) return result
      if (request.isRemoval && tries > 1 && result.error.status === 404) return read(new Response(null, { status: 204 }))
      const most = !mayRepeat ? 1 : reached ? clientAttempts : clientFirstContactAttempts
      if (!result.worthwhile || tries >= most) throw result.error
      await pause(result.afterMs ?? backOffMs(tries), request.signal)
    }
  }
}

/** A failed try, and whether and when another one makes sense. */
class Comeback {
  readonly error: ClientError
  readonly worthwhile: boolean
  readonly afterMs: number | null
  constructor(error: ClientError, worthwhile: boolean, afterMs: number | null) {
    this.error = error
    this.worthwhile = worthwhile
    this.afterMs = afterMs
  }
}

/** Doubles at each try; the random half keeps many clients of a restarted server apart. */
function backOffMs(tries: number): number {
  const delayMs = Math.min(clientRetryDelayMs * 2 ** (tries - 1), clientRetryDelayMaxMs)
  return delayMs * (0.5 + Math.random() / 2)
}

function authorizationOf(credential: Credential): Record<string, string> {
  if (credential === 'none') return {}
  if ('token' in credential) return { authorization: `Bearer ${credential.token}` }
  const bytes = new TextEncoder().encode(`${credential.user}:${credential.password}`)
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` }
}

function unreachable(base: string, error: unknown): ClientError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const reason = cause instanceof Error ? ('code' in cause && typeof cause.code === 'string' && cause.code) || cause.message : String(cause)
  return new ClientError(`No answer from ${base} (${reason}).`, { kind: 'unreachable', cause: error })
}
