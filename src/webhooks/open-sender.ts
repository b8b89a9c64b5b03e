import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as TlsAgent } from 'node:https'
import { cutText } from '../model/cut-text.ts'
import { parseRetryAfter } from '../model/retry-after.ts'
import { maxWebhookAnswerBytes, maxWebhookExcerptCharacters, webhookTimeoutMs } from '../model/webhook-limits.ts'
import type { WebhookAnswer, WebhookSender } from '../processing/webhooks/ports.ts'
import { type ReceiverGuard, ReceiverRefusedError } from './receiver-guard.ts'

const keptAlive = { keepAlive: true, timeout: webhookTimeoutMs }

/**
 * Posts over connections that are kept open. `node:http` rather than `fetch`: it takes a `lookup`, so that the address which was looked at is
 * the one that is connected to; it follows no redirect and asks no proxy by itself.
 */
export function openWebhookSender(guard: ReceiverGuard, timeoutMs = webhookTimeoutMs): WebhookSender {
  const agents = { 'http:': new Agent(keptAlive), 'https:': new TlsAgent(keptAlive) }

  /** `isSecond`: a kept connection was closed by the other side just when it was used again. */
  async function exchange(
    text: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
    isSecond = false,
  ): Promise<Exchange> {
    const url = guard.parseUrl(text)
    const request = url.protocol === 'https:' ? requestHttps : requestHttp
    const sent = request(url, {
      method: 'POST',
      agent: agents[url.protocol as keyof typeof agents],
      lookup: guard.lookupFor(url),
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      signal,
    })
    try {
      sent.end(body)
      const response = await responseTo(sent)
      return { response, excerpt: await readExcerpt(response) }
    } catch (error) {
      if (isSecond || !sent.reusedSocket || codeOf(error) !== 'ECONNRESET') throw error
      return exchange(text, headers, body, signal, true)
    }
  }

  return {
    async post(url, headers, body, signal) {
      const startedAt = performance.now()
      const since = () => Math.round(performance.now() - startedAt)
      const within = AbortSignal.timeout(timeoutMs)
      try {
        const { response, excerpt } = await exchange(url, headers, body, AbortSignal.any([signal, within]))
        return { ...judge(response), excerpt, durationMs: since() }
      } catch (error) {
        const reason = within.aborted ? `There was no answer within ${timeoutMs / 1000} s.` : sayFailure(error)
        return { status: null, excerpt: '', error: reason, durationMs: since(), retryAfterMs: null }
      }
    },
    [Symbol.dispose]() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

interface Exchange {
  readonly response: IncomingMessage
  readonly excerpt: string
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve)
    request.on('error', reject)
    // Neither of these two comes for 101: nobody asked for another protocol, and nobody will speak it.
    request.once('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response)
    })
    // Comes last, whatever came before: nobody waits for an answer that will never be.
    request.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
  })
}

/** Never rejects: the status has been said, and what comes after it changes nothing. More than is read for the log closes the connection. */
async function readExcerpt(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > maxWebhookAnswerBytes) break
      pieces.push(piece)
    }
  } catch {
    // What came until then is shown.
  }
  // PostgreSQL stores no NUL.
  return cutText(Buffer.concat(pieces).toString('utf8').replaceAll('\0', '\u{fffd}'), maxWebhookExcerptCharacters)
}

function judge({ statusCode = 0, headers }: IncomingMessage): Omit<WebhookAnswer, 'excerpt' | 'durationMs'> {
  const retryAfterMs = parseRetryAfter(headers['retry-after'])
  if (statusCode >= 200 && statusCode < 300) return { status: statusCode, error: null, retryAfterMs: null }
  const redirect = statusCode >= 300 && statusCode < 400
  const error = redirect
    ? `The receiver answered ${statusCode}: redirects are not followed. Change the URL of the webhook.`
    : `The receiver answered ${statusCode}.`
  return { status: statusCode, error, retryAfterMs }
}

const noHttp = 'The receiver answers with what is no HTTP.'
const failures: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The host name of the URL is not known.',
  EAI_AGAIN: 'The name server does not answer.',
  ETIMEOUT: 'The name server does not answer.',
  ECONNREFUSED: 'The receiver refused the connection.',
  ECONNRESET: 'The receiver closed the connection without an answer.',
  EPIPE: 'The receiver closed the connection without an answer.',
  ETIMEDOUT: 'The receiver cannot be reached.',
  EHOSTUNREACH: 'The receiver cannot be reached.',
  ENETUNREACH: 'The receiver cannot be reached.',
  HPE_HEADER_OVERFLOW: 'The headers of the answer are larger than 16 kB.',
  HPE_INVALID_CONSTANT: noHttp,
  HPE_INVALID_VERSION: noHttp,
}

function sayFailure(error: unknown): string {
  if (error instanceof ReceiverRefusedError) return `The URL ${error.message}`
  const code = codeOf(error)
  return failures[code] ?? `The message could not be sent (${code || 'unforeseen error'}).`
}

/** With several addresses each has failed, and the errors of all are in one. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
