/** Limits of webhooks; see `limits.ts`. */
import { dayMs, hourMs, kiB, minuteMs } from './units.ts'

/**
 * Waits before the tries of a delivery, each from the end of the try before (Standard Webhooks, "Retry schedule"): together three days
 * and a few hours.
 */
export const webhookRetryDelaysMs: readonly number[] = [
  0,
  5_000,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  dayMs,
]
/** Share by which a wait may be longer or shorter, so that what failed together does not come back together. */
export const webhookRetryJitter = 0.2
/** The longest wait that a receiver can ask for with Retry-After. */
export const webhookRetryAfterMaxMs = dayMs
/** From the first byte to the last: a receiver that drips its answer is not waited for. Standard Webhooks recommends 15 to 30 s. */
export const webhookTimeoutMs = 15_000
/** What is read of an answer, and what of it is kept in the log. */
export const maxWebhookAnswerBytes = 64 * kiB
export const maxWebhookExcerptCharacters = 1_000
/** Messages under way to one receiver at a time. */
export const webhookConcurrency = 8
/** Failures of an endpoint in a row, after which only one message at a time is tried there until one is delivered. */
export const webhookFailuresBeforePause = 5
/** Rests of a failing endpoint between tries of messages that were never tried: doubled from one to the next. */
export const webhookPauseMs = 5_000
export const webhookPauseMaxMs = 5 * minuteMs
/** When an endpoint takes messages again after so long, what failed meanwhile is due at once. */
export const webhookOutageMs = 5 * minuteMs
/** An endpoint that has taken nothing for so long, although it was tried, is disabled: longer than all tries of one message. */
export const webhookDisableAfterMs = 5 * dayMs
/** How long the secret before signs too after a rotation, and the longest that can be asked for. */
export const webhookSecretOverlapSeconds = 24 * 3600
export const maxWebhookSecretOverlapSeconds = 7 * 24 * 3600
/** Earlier secrets of a webhook that sign beside its own: each is 48 bytes more in a header of every message. */
export const maxPreviousWebhookSecrets = 9
export const maxWebhooks = 200
export const maxWebhookUrlCharacters = 2_000
export const maxWebhookPaths = 100
export const maxWebhookDescriptionCharacters = 500
/** Ports of receivers on public addresses. */
export const webhookPorts: readonly number[] = [80, 443, 8080, 8443]
/** Names are looked up by Node's four threads, which files and compression need too. */
export const webhookLookupsAtOnce = 2
export const webhookLookupTimeoutMs = 5_000
/** Deliveries read at a time for one endpoint, and so the most that is held of it in memory. */
export const webhookBatchMessages = 100
/** A worker is taken for dead that has not said for so long that it lives; it says so every quarter of it. */
export const webhookLeaseMs = 2_000
/** With the embedded database there is but one process: nobody waits for its death, and each sign of life would be a write to the disk. */
export const webhookEmbeddedLeaseMs = hourMs
/** A look for new events is followed by a rest of at least this, and of so many times as long as the look took. */
export const webhookRestMs = 25
export const webhookRestFactor = 4
/**
 * The longest such rest. On a loaded machine a look waits 100 ms for its turn and costs no more for that: four times as much was the p99 of
 * a message's delay.
 */
export const webhookRestMaxMs = 100
/** A notification may be lost with its connection: without one a worker looks this often. */
export const webhookPollMs = 1_000
/** Events that no endpoint wants move its cursor in memory; it is stored this often. */
export const webhookCursorSaveMs = 10_000
/** Finished deliveries are kept for this long, and of one endpoint so many. */
export const webhookLogRetentionMs = 7 * dayMs
export const maxWebhookLogDeliveries = 100_000
/** Tries that the log keeps of one delivery. */
export const maxLoggedWebhookTries = 20
/** Finished deliveries that one sweep removes: of a thousand a second those of 100 seconds. */
export const sweptWebhookDeliveries = 100_000
/** Events looked at together for what was never tried. */
export const webhookReplayPageEvents = 1_000
/** Waits before the tries of `assay listen`: a program under development is started again within seconds. */
export const listenRetryDelaysMs: readonly number[] = [0, 1_000, 5_000, 15_000]
export const listenTimeoutMs = 30_000
/** How long `assay webhooks test` waits for the outcome: the receiver's time and some more. */
export const webhookTestTimeoutMs = 30_000
/** Deliveries that one call takes up again. */
export const maxReplayedDeliveries = 100_000
