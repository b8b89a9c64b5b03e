import { cutText } from '../../model/cut-text.ts'
import { maxReferenceCharacters, maxShownValueCharacters } from '../../model/document-limits.ts'
import type { Reference } from '../reference.ts'
import { schemeOf, scopeOfScheme } from '../resolve/uri.ts'
import { formatByExtension } from './reference-format.ts'

/** A reference while it is being recorded. */
export type ReferenceDraft = { -readonly [Field in keyof Reference]: Reference[Field] }

/** A reference of which nothing is known but element, attribute, value and use. Its line and column are filled in later. */
export function bareReference(element: string, attribute: string, value: string, use: Reference['use']): ReferenceDraft {
  return {
    element,
    attribute,
    value: cutValue(value),
    line: 0,
    column: 0,
    use,
    scope: 'local',
    oddScope: null,
    scopeGiven: false,
    resourceOnly: false,
    format: null,
    formatGiven: false,
    within: -1,
    topic: -1,
    own: -1,
    conaction: null,
    start: -1,
    base: null,
  }
}

/** A reference that nothing but its value describes: scope by its scheme, format by its extension. */
export function simpleReference(element: string, attribute: string, value: string, use: Reference['use']): ReferenceDraft {
  const reference = bareReference(element, attribute, value, use)
  if (use === 'key') return reference
  const scheme = schemeOf(value)
  reference.scope = scopeOfScheme(scheme)
  reference.format = formatByExtension(value, use, scheme)
  return reference
}

/** Values that cannot lead anywhere in the tree and may be huge are cut (largest real one: 836 kB of a picture). */
function cutValue(value: string): string {
  if (value.length <= maxShownValueCharacters) return value
  return cutText(value, /^\s*data:/i.test(value) ? maxShownValueCharacters : maxReferenceCharacters)
}
