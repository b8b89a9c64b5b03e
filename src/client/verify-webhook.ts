import { webhookToleranceSeconds } from '../model/client-limits.ts'

/** Whoever sent this does not know the secret, or sent it too long ago. Answer 400, and believe nothing of it. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError'
}

/** How strictly a message is checked. */
export interface VerifyOptions {
  /** Difference of the clocks, and age of a message, that are allowed: a message that somebody recorded is not taken again after that. */
  readonly toleranceSeconds?: number
}

type HeaderSource = Headers | Readonly<Record<string, string | string[] | undefined>>

/**
 * Checks that a message comes from who has the secret, and gives its JSON (Standard Webhooks, symmetric signatures, scheme `v1`). `body` is what
 * was received, to the byte: parse it afterwards. Of several secrets, as during a rotation, one is enough. Messages may come twice: `webhook-id` is
 * the same then. Works with every sender that follows the specification. Names of headers may have capitals.
 * Throws {@link WebhookVerificationError}, and a `TypeError` for a secret that is none.
 */
export async function verifyWebhook<Payload = unknown>(
  body: string | Uint8Array,
  headers: HeaderSource,
  secrets: string | readonly string[],
  { toleranceSeconds = webhookToleranceSeconds }: VerifyOptions = {},
): Promise<Payload> {
  const id = headerOf(headers, 'webhook-id')
  const timestamp = headerOf(headers, 'webhook-timestamp')
  const age = Math.abs(Date.now() / 1000 - (/^\d+$/.test(timestamp) ? Number(timestamp) : Number.NaN))
  if (!(age <= toleranceSeconds)) throw new WebhookVerificationError('The message is too old, or the clocks differ too much.')
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${text}`)
  const signatures = headerOf(headers, 'webhook-signature')
    .split(' ')
    .flatMap((each) => (each.startsWith('v1,') ? [bytesOf(each.slice('v1,'.length))] : []))
  for (const secret of [secrets].flat()) {
    const key = await importKey(secret)
    // The comparison takes the same time wherever the difference is.
    for (const signature of signatures) if (await crypto.subtle.verify('HMAC', key, signature, signed)) return JSON.parse(text) as Payload
  }
  throw new WebhookVerificationError('The message is not signed with any of the secrets.')
}

function headerOf(headers: HeaderSource, name: string): string {
  const found = headers instanceof Headers ? headers.get(name) : Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1]
  // `headersDistinct` of Node and gateways give lists.
  const value = Array.isArray(found) && found.length === 1 ? found[0] : found
  if (typeof value === 'string' && value !== '') return value
  throw new WebhookVerificationError(`The header "${name}" is missing.`)
}

/** An empty key would let everybody sign. */
function importKey(secret: string | undefined) {
  const key = bytesOf(secret?.replace(/^whsec_/, '') ?? '')
  if (key.length === 0)
    throw new TypeError('The secret is missing or not base64: give it as the server showed it, with "whsec_" before it.')
  return crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}
