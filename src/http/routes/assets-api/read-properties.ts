import { ApiError } from '../../../contract/errors.ts'
import { InvalidPropertyError, type Properties, parseProperties } from '../../../model/properties.ts'

/** The properties in a JSON body of the Assets HTTP API, as they are stored. Throws an ApiError that names a wrong one. */
export function readPropertiesOf(body: object): Properties {
  try {
    return parseProperties('properties' in body ? (body.properties ?? {}) : {})
  } catch (error) {
    throw propertyError(error)
  }
}

/** What is wrong with a property, as an answer. */
function propertyError(error: unknown): unknown {
  if (!(error instanceof InvalidPropertyError)) return error
  const pointer = error.property === '' ? '/properties' : `/properties/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`
  return new ApiError('invalidInput', `The property ${error.property} ${error.message}.`, { errors: [{ pointer, detail: error.message }] })
}
