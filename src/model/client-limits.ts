/** Limits of the client and of the command line, as in `limits.ts`. */
import { kiB, miB } from './units.ts'

// Client
/** Tries of a request that may be repeated: with the delays below, a server that restarts within about 15 seconds is not noticed. */
export const clientAttempts = 7
/** Tries before the server has answered for the first time: a wrong address should be told at once. */
export const clientFirstContactAttempts = 2
export const clientRetryDelayMs = 250
export const clientRetryDelayMaxMs = 5_000
export const clientRetryAfterMaxMs = 60_000
/** Uploads have no such limit: they may take as long as they deliver. */
export const clientAnswerTimeoutMs = 120_000
export const clientPreferWaitSeconds = 20
/** As the libraries of Standard Webhooks. */
export const webhookToleranceSeconds = 300
/** Between two questions to a server that does not say when to ask again. */
export const clientPollDelayMs = 100
export const clientPollDelayMaxMs = 5_000

// Command line
/** Small files are sent together: a request for each took more of both machines than all that is done with the content. */
export const importFilesAtOnce = 250
export const importBytesAtOnce = 2 * miB
/** Requests under way at a time: the server receives the next ones while it commits the last. */
export const importRequestsAtOnce = 6
/** Files up to this size are sent together; larger ones by themselves, and those above a megabyte as they are read. */
export const importTogetherBytes = 128 * kiB
export const importBufferedFileBytes = miB
/** Assets whose problems are fetched and shown by `assay status`: more than anybody reads, and little to ask for. */
export const maxExplainedAssets = 100
/** Up to here `assay status` counts the warnings that it does not show: it reads a list of about 500 bytes an asset for it. */
export const maxAssetsForWarningHint = 20_000
export const explanationsAtOnce = 8
export const progressRedrawMs = 100
export const progressLineMs = 5_000
/** Time over which the rate is taken that foretells the end: two lines, enough to be steady. */
export const progressRateMs = 10_000
