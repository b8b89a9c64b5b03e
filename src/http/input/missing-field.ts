import { ApiError } from '../../contract/errors.ts'

/** What is answered to a form without a field that it has to have. */
export function missingField(name: string): ApiError {
  return new ApiError('invalidInput', `The field "${name}" is missing.`, { errors: [{ pointer: `/${name}`, detail: 'is missing' }] })
}
