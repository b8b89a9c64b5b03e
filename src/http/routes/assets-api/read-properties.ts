import { ApiError } from '../../../contract/errors.ts'
import { InvalidPropertyError, type Properties, type PropertyChanges, parseChanges, parseProperties } from '../../../model/properties.ts'
import type { Description } from './read-description.ts'

/** The properties in a description, as they are stored. Throws an ApiError that names a wrong one. */
export function readPropertiesOf(description: Description): Properties {
  return named(() => parseProperties(description.properties ?? {}))
}

/** The changes of properties in a description; `null` removes one. Throws an ApiError that names a wrong one. */
export function readChangesOf(description: Description): PropertyChanges {
  return named(() => parseChanges(description.properties ?? {}))
}

function named<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw error instanceof InvalidPropertyError ? propertyError(error) : error
  }
}

/** What is wrong with a property, as an answer. */
function propertyError({ property, message }: InvalidPropertyError): ApiError {
  const pointer = property === '' ? '/properties' : `/properties/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`
  return new ApiError('invalidInput', `The property ${property} ${message}.`, { errors: [{ pointer, detail: message }] })
}
