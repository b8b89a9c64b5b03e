/** How messages look: the events as the feed shows them, or what AEM Guides tells its own listeners. Both are CloudEvents. */
export const webhookFormats = ['cloudevents', 'guides'] as const
export type WebhookFormat = (typeof webhookFormats)[number]

/** How a delivery stands; stored as an index. `PENDING`: it will be tried, or tried again. */
export const deliveryStatuses = ['PENDING', 'SUCCESS', 'FAILURE'] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** One try, as the log keeps it. */
export interface DeliveryTry {
  readonly at: string
  readonly durationMs: number
  /** HTTP status; `null`: there was no answer. */
  readonly status: number | null
  readonly excerpt: string
  /** Why it failed; `null`: it was delivered. */
  readonly error: string | null
}
