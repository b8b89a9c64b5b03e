import { type Static, Type } from 'typebox'

/** One wrong value of a request. */
const InputFindingShape = Type.Object({
  pointer: Type.String({ description: 'JSON pointer (RFC 6901) to the value.' }),
  detail: Type.String(),
})

/** RFC 9457 problem details, as every error answers them (`application/problem+json`). */
export const ProblemDetails = Type.Object({
  type: Type.String({ description: 'A URN that is the same for all errors of a kind.' }),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'What was wrong with this request.' }),
  instance: Type.String({ description: 'The path of the request.' }),
  code: Type.String({ description: 'Stable: see docs/reference/errors.md.', pattern: '^ASSAY-' }),
  remedy: Type.String({ description: 'What to do.' }),
  requestId: Type.String(),
  errors: Type.Optional(Type.Array(InputFindingShape)),
})
export type ProblemDetails = Static<typeof ProblemDetails>
