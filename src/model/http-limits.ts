/** Limits of HTTP and of credentials, as in `limits.ts`. */
import { kiB, miB } from './units.ts'

// HTTP
export const maxJsonBodyBytes = miB
export const maxJsonDepth = 32
export const maxHeaderBytes = 16 * kiB
export const headersTimeoutMs = 10_000
export const requestTimeoutMs = 60_000
/** Uploads may take longer than {@link requestTimeoutMs} as long as they deliver at least this rate. */
export const minUploadBytesPerSecond = kiB
/** Whoever takes nothing of an answer for so long, or up to twice as long, loses it. */
export const slowAnswerMs = 30_000
export const connectionsCheckIntervalMs = 2_000
export const keepAliveTimeoutMs = 72_000
/** Beyond it new connections are closed at once. An idle one takes some 20 kB; the usual limit for open files is higher. */
export const maxConnections = 4_096
export const maxPageItems = 1000
/** A date of whole seconds names one content alone once its second, and the commits that began in it, are over. */
export const lastModifiedAfterMs = 2_000
export const defaultPageItems = 100
export const drainTimeoutMs = 10_000
/** A server that stops closes connections that were idle so long; on those that are in use it says so with the next answer. */
export const keepAliveGraceMs = 1_000
export const unavailableRetryAfterSeconds = 2
/** Wrong values that one error answer lists. */
export const maxInputFindings = 100
export const maxRequestIdCharacters = 128
/** How long a client may go on sending a body that has been answered already. */
export const bodyLingerMs = 2_000
/** Files of an import that came before the field that names their target are kept in memory up to this size. */
export const maxUnplacedImportBytes = 32 * miB
/** Each referring asset's references are looked through: 1,000 of them took 70 ms, too long for the thread that serves HTTP. */
export const maxIncomingReferences = 250
/** References that the detail of an asset shows, and the stored characters that are looked at for them: 200,000 took 1.2 s of that thread. */
export const maxOutgoingReferences = 1000
export const maxShownReferenceCharacters = 512 * kiB
/** A longer answer is written in pieces: the facts of 200,000 keys held everybody else up for 57 ms. */
export const answerPieceCharacters = 128 * kiB
/** An asset that is replaced between two reads of it is read again; nobody does that so often in a row. */
export const maxExplainAttempts = 10

// Credentials
export const authFailuresBeforeDelay = 5
/** After the first few, one more guess is looked at each so often: 10 a minute. */
export const authTryIntervalMs = 6_000
/** Who was quiet for so long may guess from the beginning: fewer tries than by going on. */
export const authFailureWindowMs = 60_000
/** How long a credential that was found right is trusted without asking again: as long may a revoked token work on another node. */
export const verifiedCredentialMs = 30_000
export const maxRememberedCredentials = 1_000
export const maxAuthFailureEntries = 10_000
/** Requests with a credential that failed often, held up at the same time. */
export const maxDelayedAuthentications = 100
