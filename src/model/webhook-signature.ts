import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'
/** Standard Webhooks asks for 24 to 64. */
const secretBytes = 32

/** A fresh secret, in the form that every library of Standard Webhooks takes: `whsec_` and base64. */
export function createWebhookSecret(): string {
  return prefix + randomBytes(secretBytes).toString('base64')
}

/** What is signed: the headers that go with the body are made of it. */
export interface WebhookMessage {
  /** The same at each try, so that a receiver can tell that it has it already. */
  readonly id: string
  /** Seconds since 1970 at this try. */
  readonly timestamp: number
  readonly body: string
}

/** The headers of a message that is a CloudEvent: those of Standard Webhooks have one signature for each secret (HMAC-SHA256, scheme `v1`). */
export function webhookHeaders({ id, timestamp, body }: WebhookMessage, secrets: readonly string[]): Record<string, string> {
  const signed = `${id}.${timestamp}.${body}`
  return {
    // The structured mode of CloudEvents over HTTP.
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map((secret) => `v1,${sign(signed, secret)}`).join(' '),
  }
}

function sign(text: string, secret: string): string {
  return createHmac('sha256', Buffer.from(secret.slice(prefix.length), 'base64'))
    .update(text)
    .digest('base64')
}
