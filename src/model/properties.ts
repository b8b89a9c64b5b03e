import { maxProperties, maxPropertiesBytes, maxPropertyNameCharacters } from './limits.ts'

/** What callers say about an asset or a folder. Kept and given back as it came; processing never reads it. */
export type Properties = Readonly<Record<string, PropertyValue>>

/** A value of a property, or several. */
export type PropertyValue = string | number | boolean | readonly (string | number | boolean)[]

/** New values of properties; `null` removes one. */
export type PropertyChanges = Readonly<Record<string, PropertyValue | null>>

/** The names under which AEM's interfaces take a property beside the one under which they give it. */
const canonicalNames: Readonly<Record<string, string>> = {
  title: 'dc:title',
  'jcr:title': 'dc:title',
  'jcr:description': 'dc:description',
  'jcr:language': 'dc:language',
}

/** A property that cannot be kept. `message` reads on after "The property"; `property` is its name, `''` for all of them. */
export class InvalidPropertyError extends Error {
  override readonly name = 'InvalidPropertyError'
  readonly property: string
  constructor(property: string, message: string) {
    super(message)
    this.property = property
  }
}

/** Reads an object of properties; a `null` value is left out. Throws {@link InvalidPropertyError}. */
export function parseProperties(given: unknown): Properties {
  return Object.fromEntries(Object.entries(parseChanges(given)).filter((entry): entry is [string, PropertyValue] => entry[1] !== null))
}

/** As {@link parseProperties}, for a change of existing ones: `null` removes a property. */
export function parseChanges(given: unknown): PropertyChanges {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new InvalidPropertyError('', 'must be in an object')
  const entries = Object.entries(given)
  if (entries.length > maxProperties) throw new InvalidPropertyError('', `is one of too many: at most ${maxProperties} are kept`)
  if (Buffer.byteLength(JSON.stringify(given)) > maxPropertiesBytes) {
    throw new InvalidPropertyError('', `and the others have more than ${maxPropertiesBytes} bytes together`)
  }
  return Object.fromEntries(entries.map(([name, value]) => [canonicalName(name), parseValue(name, value)]))
}

/** What the properties are after a change. Throws {@link InvalidPropertyError} when they would be too many. */
export function changeProperties(old: Properties, changes: PropertyChanges): Properties {
  return parseProperties({ ...old, ...changes })
}

/** The name under which a property is kept and shown. */
export function canonicalName(name: string): string {
  return Object.hasOwn(canonicalNames, name) ? canonicalNames[name]! : name
}

function parseValue(name: string, value: unknown): PropertyValue | null {
  if (!/^[\p{L}\p{N}_:.@-]+$/u.test(name) || name.length > maxPropertyNameCharacters) {
    throw new InvalidPropertyError(name, 'has a name that is empty, too long, or not of letters, digits and one of "_:.@-"')
  }
  if (value === null || isScalar(value)) return value
  if (Array.isArray(value) && value.every(isScalar)) return value
  throw new InvalidPropertyError(name, 'must be a text, a number, true or false, or a list of them')
}

/** The database keeps no NUL in a text. */
function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' ? value.isWellFormed() && !value.includes('\0') : typeof value === 'number' || typeof value === 'boolean'
}
