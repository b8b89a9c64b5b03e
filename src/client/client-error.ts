import type { InputFinding } from '../contract/errors.ts'

/**
 * Why a request failed:
 * `unauthorised` no, a wrong or an insufficient credential · `unreachable` no answer from the server · `not-found` it does not know what was
 * asked for, or no longer · `refused` it does not accept the request as it is · `server` a fault on its side · `protocol` it answered
 * something that this client does not understand.
 */
export type ClientErrorKind = 'unauthorised' | 'unreachable' | 'not-found' | 'refused' | 'server' | 'protocol'

/** A value that the server does not accept, and why. `sent` is the value itself; `null` where the request had no JSON body with it. */
export interface RefusedValue extends InputFinding {
  readonly sent: string | null
}

interface ClientErrorDetails {
  readonly kind: ClientErrorKind
  /** HTTP status; `null` when there was no answer. */
  readonly status?: number | null
  /** Code of the server's problem details, such as `ASSAY-…`. */
  readonly code?: string | null
  /** What a person can do, when there is more to say than the message. */
  readonly remedy?: string | null
  readonly requestId?: string | null
  readonly refused?: readonly RefusedValue[]
  readonly cause?: unknown
}

/** A request that failed. `message` is one sentence for people. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly kind: ClientErrorKind
  readonly status: number | null
  readonly code: string | null
  readonly remedy: string | null
  readonly requestId: string | null
  /** Each value that the server does not accept; empty when it names none. */
  readonly refused: readonly RefusedValue[]

  constructor(message: string, details: ClientErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = details.kind
    this.status = details.status ?? null
    this.code = details.code ?? null
    this.remedy = details.remedy ?? null
    this.requestId = details.requestId ?? null
    this.refused = details.refused ?? []
  }
}

/**
 * Makes the error of an answer that is no success: what RFC 9457 problem details say, else the HTTP status. Reads the body. `sent` is the body
 * of the request.
 */
export async function errorOfAnswer(response: Response, sent: unknown): Promise<ClientError> {
  const { status } = response
  const problem = await readProblem(response)
  const said = text(problem.detail) ?? text(problem.title)
  const requestId = text(problem.requestId) ?? response.headers.get('x-request-id')
  const details = { status, code: text(problem.code), remedy: text(problem.remedy), requestId, refused: refusedOf(problem, sent) }
  if (status === 401 || response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    return new ClientError(status === 401 ? 'The server does not accept the credential.' : 'The server sends us to a login page.', {
      ...details,
      kind: 'unauthorised',
    })
  }
  if (status === 403) return new ClientError(said ?? 'The credential does not allow this.', { ...details, kind: 'unauthorised' })
  if (status === 404 || status === 410) return new ClientError(said ?? 'The server does not know it.', { ...details, kind: 'not-found' })
  const kind = status >= 500 ? 'server' : 'refused'
  return new ClientError(said ?? `The server answered with HTTP status ${status}.`, { ...details, kind })
}

async function readProblem(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(await response.text())
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function refusedOf({ errors }: Readonly<Record<string, unknown>>, sent: unknown): RefusedValue[] {
  if (!Array.isArray(errors)) return []
  const findings = errors.map((each) => ({ pointer: text(each?.pointer) ?? '', detail: text(each?.detail) }))
  return findings.flatMap(({ pointer, detail }) => (detail === null ? [] : [{ pointer, detail, sent: valueAt(pointer, sent) }]))
}

/** The text to which a JSON pointer leads in a body of JSON. */
function valueAt(pointer: string, body: unknown): string | null {
  try {
    const names = pointer.split('/').slice(1)
    return text(names.reduce((value, name) => value?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], JSON.parse(String(body))))
  } catch {
    return null
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
