/**
 * Every error that an HTTP answer can carry: code, status, title and remedy, written once. The page docs/reference/errors.md is made
 * from this list. Where an error is thrown, only its detail is said: what was wrong with this request.
 */

/** One kind of error. `remedy` tells the caller what to do. */
export interface ErrorKind {
  readonly code: `ASSAY-${string}`
  readonly status: number
  readonly title: string
  readonly remedy: string
}

const kinds = {
  malformedJson: {
    code: 'ASSAY-MALFORMED-JSON',
    status: 400,
    title: 'The body is not readable JSON',
    remedy: 'Repair the JSON at the place that is named.',
  },
  malformedBody: {
    code: 'ASSAY-MALFORMED-BODY',
    status: 400,
    title: 'The body cannot be read',
    remedy: 'Send valid UTF-8 in the form that the Content-Type announces.',
  },
  malformedUrl: {
    code: 'ASSAY-MALFORMED-URL',
    status: 400,
    title: 'The URL cannot be decoded',
    remedy: 'Percent-encode each path segment, and each name and value of the query, once and as UTF-8.',
  },
  malformedRequest: {
    code: 'ASSAY-MALFORMED-REQUEST',
    status: 400,
    title: 'The request is not valid HTTP',
    remedy: 'Send a request that follows RFC 9112.',
  },
  invalidInput: {
    code: 'ASSAY-INVALID-INPUT',
    status: 400,
    title: 'A value is missing or not allowed',
    remedy: 'Correct what is named, and send the request again.',
  },
  invalidPath: {
    code: 'ASSAY-INVALID-PATH',
    status: 400,
    title: 'A path is not allowed',
    remedy: 'Correct the path as the detail says.',
  },
  rootFolder: {
    code: 'ASSAY-ROOT-FOLDER',
    status: 400,
    title: 'The root folder cannot be changed',
    remedy: 'Name an asset or a folder below /content/dam. GET /api/v1/folders lists what is there.',
  },
  pathMissing: {
    code: 'ASSAY-PATH-MISSING',
    status: 400,
    title: 'No path is given',
    remedy: 'Send "paths" with at least one folder or asset, for example {"paths": ["/content/dam/manual"]}.',
  },
  tooManyPaths: {
    code: 'ASSAY-TOO-MANY-PATHS',
    status: 400,
    title: 'There are too many paths',
    remedy: 'Name folders instead of single assets, or divide the request.',
  },
  jobIdMissing: {
    code: 'ASSAY-JOB-ID-MISSING',
    status: 400,
    title: 'No job is named',
    remedy: 'Add the query parameter jobId with the id that the start of the job answered.',
  },
  processingIdMissing: {
    code: 'ASSAY-PROCESSING-ID-MISSING',
    status: 400,
    title: 'No processing run is named',
    remedy: 'Name the run by the processingId that its start answered.',
  },
  incompleteUpload: {
    code: 'ASSAY-INCOMPLETE-UPLOAD',
    status: 400,
    title: 'The upload is not whole',
    remedy: 'Send the parts that are missing, or begin a new upload.',
  },
  unauthenticated: {
    code: 'ASSAY-UNAUTHENTICATED',
    status: 401,
    title: 'No valid credential',
    remedy: 'Send HTTP Basic with the name "admin" and its password, or a Bearer token made with "assay token create".',
  },
  forbidden: {
    code: 'ASSAY-FORBIDDEN',
    status: 403,
    title: 'This credential is not allowed to do that',
    remedy: 'Use a token that has the scope that is named.',
  },
  uploadUriInvalid: {
    code: 'ASSAY-UPLOAD-URI-INVALID',
    status: 403,
    title: 'This upload address is not valid, or no longer',
    remedy: 'Use the addresses exactly as initiateUpload.json gave them, or begin a new upload.',
  },
  crossSite: {
    code: 'ASSAY-CROSS-SITE',
    status: 403,
    title: 'A page of another site may not do that',
    remedy: 'Call from a script or from a page of this server, or send a Bearer token.',
  },
  notFound: {
    code: 'ASSAY-NOT-FOUND',
    status: 404,
    title: 'There is nothing at this address',
    remedy: 'See /openapi.json for what there is.',
  },
  assetNotFound: {
    code: 'ASSAY-ASSET-NOT-FOUND',
    status: 404,
    title: 'There is no such asset',
    remedy: 'Check the spelling; names are sensitive to upper and lower case.',
  },
  folderNotFound: {
    code: 'ASSAY-FOLDER-NOT-FOUND',
    status: 404,
    title: 'There is no such folder',
    remedy: 'Check the spelling; names are sensitive to upper and lower case.',
  },
  pathNotFound: {
    code: 'ASSAY-PATH-NOT-FOUND',
    status: 404,
    title: 'There is neither an asset nor a folder at this path',
    remedy: 'Check the spelling; names are sensitive to upper and lower case.',
  },
  runNotFound: {
    code: 'ASSAY-RUN-NOT-FOUND',
    status: 404,
    title: 'There is no such processing run',
    remedy: 'List the runs for their ids. Runs that were over long ago are no longer kept.',
  },
  jobNotFound: {
    code: 'ASSAY-JOB-NOT-FOUND',
    status: 404,
    title: 'There is no such job',
    remedy: 'Check the id, or start a new job.',
  },
  uploadNotFound: {
    code: 'ASSAY-UPLOAD-NOT-FOUND',
    status: 404,
    title: 'There is no such upload',
    remedy: 'Send the uploadToken, the folder and the fileName of one initiateUpload.json, or begin a new upload.',
  },
  tokenNotFound: { code: 'ASSAY-TOKEN-NOT-FOUND', status: 404, title: 'There is no such token', remedy: 'List the tokens for their ids.' },
  webhookNotFound: {
    code: 'ASSAY-WEBHOOK-NOT-FOUND',
    status: 404,
    title: 'There is no such webhook',
    remedy: 'List the webhooks for their ids.',
  },
  deliveryNotFound: {
    code: 'ASSAY-DELIVERY-NOT-FOUND',
    status: 404,
    title: 'There is no such delivery',
    remedy: 'List the deliveries of the webhook for their ids; old ones are removed.',
  },
  methodNotAllowed: {
    code: 'ASSAY-METHOD-NOT-ALLOWED',
    status: 405,
    title: 'This address does not have that method',
    remedy: 'Use one of the methods in the Allow header.',
  },
  bodyTooSlow: {
    code: 'ASSAY-BODY-TOO-SLOW',
    status: 408,
    title: 'The body came too slowly',
    remedy: 'Send the request again over a better connection.',
  },
  conflict: {
    code: 'ASSAY-CONFLICT',
    status: 409,
    title: 'Something is there already',
    remedy: 'Choose another path, or another conflict rule.',
  },
  runOverlaps: {
    code: 'ASSAY-RUN-OVERLAPS',
    status: 409,
    title: 'Assets of this tree are being processed by another run',
    remedy: 'Wait until the run to which Location leads is finished, or cancel it.',
  },
  runRefuses: {
    code: 'ASSAY-RUN-REFUSES',
    status: 409,
    title: 'The status of the run does not allow that',
    remedy: 'Cancel what waits or is being processed; resume what was cancelled or has failed; start anew what is finished.',
  },
  webhookDisabled: {
    code: 'ASSAY-WEBHOOK-DISABLED',
    status: 409,
    title: 'The webhook is switched off',
    remedy: 'Switch it on with PATCH {"enabled": true}, then ask again.',
  },
  tooManyWebhooks: {
    code: 'ASSAY-TOO-MANY-WEBHOOKS',
    status: 409,
    title: 'There are too many webhooks',
    remedy: 'Remove webhooks that are not needed any more.',
  },
  tooManySecrets: {
    code: 'ASSAY-TOO-MANY-SECRETS',
    status: 409,
    title: 'Too many secrets of the webhook sign at the same time',
    remedy: 'Wait until the first of them ends, or end all of them at once with {"overlapSeconds": 0}.',
  },
  messageExpired: {
    code: 'ASSAY-MESSAGE-EXPIRED',
    status: 410,
    title: 'What was sent is no longer kept',
    remedy: 'Read the present state of the asset instead.',
  },
  jobExpired: {
    code: 'ASSAY-JOB-EXPIRED',
    status: 410,
    title: 'The result of this job is no longer kept',
    remedy: 'Start a new job.',
  },
  eventsGone: {
    code: 'ASSAY-EVENTS-GONE',
    status: 410,
    title: 'Events after this one are no longer kept',
    remedy: 'Look at the present state of what you follow, and go on with after=latest; or with after=oldest, which is what is left.',
  },
  preconditionFailed: {
    code: 'ASSAY-PRECONDITION-FAILED',
    status: 412,
    title: 'What is there is not as the request expects it',
    remedy: 'Read it again and decide anew.',
  },
  bodyTooLarge: {
    code: 'ASSAY-BODY-TOO-LARGE',
    status: 413,
    title: 'The body is too large',
    remedy: 'Stay within the limit that is named.',
  },
  uriTooLong: {
    code: 'ASSAY-URI-TOO-LONG',
    status: 414,
    title: 'The URL is too long',
    remedy: 'Send long lists in the body of a POST.',
  },
  unsupportedMediaType: {
    code: 'ASSAY-UNSUPPORTED-MEDIA-TYPE',
    status: 415,
    title: 'A body of this kind cannot be read here',
    remedy: 'Send one of the media types that are named, without Content-Encoding.',
  },
  rangeNotSatisfiable: {
    code: 'ASSAY-RANGE-NOT-SATISFIABLE',
    status: 416,
    title: 'The content has no such range',
    remedy: 'See Content-Range for the size of the content.',
  },
  idempotencyKeyReused: {
    code: 'ASSAY-IDEMPOTENCY-KEY-REUSED',
    status: 422,
    title: 'This Idempotency-Key was used for something else',
    remedy: 'Send a new key with each new request, and the old one only with the same request again.',
  },
  tooManyStreams: {
    code: 'ASSAY-TOO-MANY-STREAMS',
    status: 429,
    title: 'Too many streams are open',
    remedy: 'Close some, or read several folders and types in one: both may be named more than once.',
  },
  tooManyAttempts: {
    code: 'ASSAY-TOO-MANY-ATTEMPTS',
    status: 429,
    title: 'Too many wrong credentials',
    remedy: 'Wait as long as Retry-After says, then send the right credential.',
  },
  headersTooLarge: {
    code: 'ASSAY-HEADERS-TOO-LARGE',
    status: 431,
    title: 'The headers are too large',
    remedy: 'Send fewer or shorter headers, and long lists in the body.',
  },
  internal: {
    code: 'ASSAY-INTERNAL',
    status: 500,
    title: 'Something went wrong on this side',
    remedy: 'Give the request id to whoever runs this server: its log holds the reason.',
  },
  contentLost: {
    code: 'ASSAY-CONTENT-LOST',
    status: 500,
    title: 'The stored content is missing or damaged',
    remedy:
      'Restore the data folder or the bucket of this server from a backup, or process the asset again, which makes it a FAILURE that says so, and then upload its content again.',
  },
  unavailable: {
    code: 'ASSAY-UNAVAILABLE',
    status: 503,
    title: 'The server cannot answer right now',
    remedy: 'Send the request again after the time that Retry-After says.',
  },
  stopping: {
    code: 'ASSAY-STOPPING',
    status: 503,
    title: 'The server is shutting down',
    remedy: 'Send the request again after the time that Retry-After says.',
  },
  diskFull: {
    code: 'ASSAY-DISK-FULL',
    status: 507,
    title: 'The disk of the server is nearly full',
    remedy: 'Free disk space on the server; reading goes on meanwhile.',
  },
} as const satisfies Record<string, ErrorKind>

/** The name under which the code throws a kind of error. */
export type ErrorName = keyof typeof kinds

/** All kinds of errors by the name under which the code throws them. */
export const errorKinds: Readonly<Record<ErrorName, ErrorKind>> = kinds

/** One wrong value of a request: `pointer` is a JSON pointer (RFC 6901) into the body, or to a query parameter such as `/limit`. */
export interface InputFinding {
  readonly pointer: string
  readonly detail: string
}

/** What an error answer may say besides its kind. */
export interface ErrorExtras {
  readonly errors?: readonly InputFinding[]
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly cause?: unknown
}

/** An answer that is not a success. Thrown by whoever notices, rendered in one place. The message is the detail for the caller. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly kind: ErrorKind
  readonly errors: readonly InputFinding[]
  readonly headers: Readonly<Record<string, string | string[]>>

  constructor(name: ErrorName, detail: string, extras: ErrorExtras = {}) {
    super(detail, { cause: extras.cause })
    this.kind = errorKinds[name]
    this.errors = extras.errors ?? []
    this.headers = extras.headers ?? {}
  }
}
