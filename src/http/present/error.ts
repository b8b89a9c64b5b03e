import type { ApiError } from '../../contract/errors.ts'
import type { ProblemDetails } from '../../contract/problem-details.ts'

/** An error as problem details. `url` is the request's; its query, which may hold anything, is left out. */
export function presentError(error: ApiError, requestId: string, url: string): ProblemDetails {
  const { code, status, title, remedy } = error.kind
  return {
    type: `urn:assay:error:${code.slice('ASSAY-'.length).toLowerCase()}`,
    title,
    status,
    detail: error.message,
    instance: url.split('?', 1)[0]!.slice(0, 2048),
    code,
    remedy,
    requestId,
    ...(error.errors.length > 0 && { errors: [...error.errors] }),
  }
}
