/** What delivering webhooks needs from outside. `store/` and `webhooks/` implement it. */

/** What came of one try to post a message. */
export interface WebhookAnswer {
  /** HTTP status; `null`: there was no answer. */
  readonly status: number | null
  /** The beginning of the answer's body, as text. */
  readonly excerpt: string
  /** Why it failed, in a sentence for people; `null` for a 2xx. */
  readonly error: string | null
  readonly durationMs: number
  /** The wait that the receiver asked for with Retry-After; `null`: none. */
  readonly retryAfterMs: number | null
}

/** Posts a JSON body. Never rejects: what goes wrong is an answer, too. An aborted `signal` is an answer without status. */
export interface WebhookSender extends Disposable {
  post(url: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<WebhookAnswer>
}
