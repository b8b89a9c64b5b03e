import type { Reference, ReferenceState } from '../reference.ts'
import { elementsByName } from '../tables/elements.ts'
import { isConref } from './content-references.ts'
import { joinPath, outsideRoot } from './repository-path.ts'
import { isExternalScheme, isKnownScheme, schemeOf } from './uri.ts'

/** Where a reference leads, as far as that can be said without looking at the tree. */
export interface ReferenceTarget {
  /** `local`: to be looked up at `path`. Otherwise how the reference stands, whatever is in the tree. */
  readonly state: ReferenceState | 'local'
  /** Repository path, as written apart from decoding; `null` where the reference leads to none. */
  readonly path: string | null
  /** Decoded, without `#`; `null` where there is none. */
  readonly fragment: string | null
}

function ended(state: ReferenceState): ReferenceTarget {
  return { state, path: null, fragment: null }
}

/**
 * Finds the target of a reference of the asset at `source` (RFC 3986, 4.1 and 5.2; DITA 1.3, 2.4.1). Values are percent-decoded once, as
 * UTF-8. Never throws.
 */
export function targetOf(reference: Reference, source: string): ReferenceTarget {
  if (reference.use === 'key') return ended('key')
  const { value } = reference
  if (reference.use === 'name') return ended(reference.attribute === 'copy-to' ? stateOfName(value, source) : 'name')
  if (reference.attribute === 'conrefend' && reference.start < 0) return ended('key')
  if (value.trim() === '') return ended('REF_EMPTY')
  const scheme = schemeOf(value)
  if (scheme !== null) return ended(stateOfAbsolute(reference, scheme))
  if (hasIllegalCharacter(value)) return ended('REF_SYNTAX')
  if (value.startsWith('//')) return ended('REF_SYNTAX')
  if (reference.scope === 'external') return ended('external')
  if (value.startsWith('/')) return ended(reference.scope === 'peer' ? 'peer' : 'REF_ABSOLUTE_PATH')
  if (reference.base !== null && schemeOf(reference.base) !== null) return ended('external')
  return localTarget(reference, source)
}

function localTarget(reference: Reference, source: string): ReferenceTarget {
  const parts = splitReference(reference.value)
  if (parts === null) return ended('REF_SYNTAX')
  const base = reference.base === null ? source : baseOf(reference.base, source)
  const path = parts.path === '' ? source : base === outsideRoot ? outsideRoot : joinPath(base, parts.path)
  if (reference.scope === 'peer') return ended('peer')
  if (path === outsideRoot) return ended('REF_OUTSIDE_ROOT')
  const state = hasDitaFragment(reference) ? stateOfFragment(reference, parts) : 'local'
  return { state, path, fragment: parts.fragment }
}

/** Whether the fragment is one of DITA: that of code that is shown, or of a picture, belongs to the media type. */
export function hasDitaFragment(reference: Reference): boolean {
  if (isConref(reference)) return true
  return (reference.use === 'link' || reference.use === 'map') && (reference.format === 'dita' || reference.format === 'ditamap')
}

interface ReferenceParts {
  readonly path: string
  readonly fragment: string | null
}

/** Path and fragment, decoded; the query is dropped. `null` where an escape is wrong or hides a control character. */
function splitReference(value: string): ReferenceParts | null {
  const hash = value.indexOf('#')
  const before = hash < 0 ? value : value.slice(0, hash)
  const query = before.indexOf('?')
  const path = decode(query < 0 ? before : before.slice(0, query))
  const fragment = hash < 0 ? null : decode(value.slice(hash + 1))
  return path === undefined || fragment === undefined ? null : { path: path!, fragment }
}

function decode(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    const decoded = decodeURIComponent(text)
    return /[\u0000-\u001f\u007f]/.test(decoded) ? undefined : decoded
  } catch {
    return undefined
  }
}

/** Blanks, backslashes and the other characters that RFC 3986 allows nowhere, or not twice; letters of other scripts are taken (RFC 3987). */
function hasIllegalCharacter(value: string): boolean {
  return /[\s\\<>"{}|^`\u0000-\u001f\u007f[\]]|#[^#]*#/.test(value)
}

function stateOfAbsolute(reference: Reference, scheme: string): ReferenceState {
  const { value } = reference
  if (/[\s\\]/.test(value)) return 'REF_SYNTAX'
  // A single letter is a drive of Windows: no scheme is that short.
  if (scheme === 'file' || scheme.length === 1) return 'REF_ABSOLUTE_PATH'
  if (scheme === 'data') return reference.use === 'image' ? 'external' : stateOfDataUri(value)
  if (/^[a-z]+:\/\/[^/?#@]*:[^/?#@]+@/i.test(value)) return 'REF_CREDENTIALS'
  if (reference.scopeGiven && reference.scope === 'local' && isExternalScheme(scheme)) return 'REF_SCOPE'
  if (isKnownScheme(scheme)) return reference.scope === 'peer' ? 'peer' : 'external'
  if (isScriptScheme(scheme) || !reference.scopeGiven || reference.scope === 'local') return 'REF_SCHEME'
  return reference.scope
}

function isScriptScheme(scheme: string): boolean {
  return scheme === 'javascript' || scheme === 'vbscript' || scheme === 'livescript'
}

/** A page inside of a link can act; a picture, sound or film cannot. */
function stateOfDataUri(value: string): ReferenceState {
  return /^data:(?:image|audio|video|font)\//i.test(value) ? 'external' : 'REF_SCHEME'
}

function baseOf(base: string, source: string): string | typeof outsideRoot {
  const parts = splitReference(base)
  if (parts === null || parts.path === '') return source
  // What comes after the last slash is replaced by the value: only the folder counts.
  const folder = joinPath(source, parts.path.slice(0, parts.path.lastIndexOf('/') + 1))
  return folder === outsideRoot ? outsideRoot : `${folder}/`
}

/** `copy-to` names a file beside the map: nothing need be there, but it must stay inside. */
function stateOfName(value: string, source: string): ReferenceState {
  const parts = schemeOf(value) === null && !value.startsWith('/') ? splitReference(value) : null
  if (parts === null) return 'name'
  return joinPath(source, parts.path) === outsideRoot ? 'REF_OUTSIDE_ROOT' : 'name'
}

/** The fragment of a DITA target is an id, `topicid/elementid`, `.` or `./elementid` (DITA 1.3, 2.4.1.2). */
function stateOfFragment(reference: Reference, { path, fragment }: ReferenceParts): ReferenceState | 'local' {
  const isContent = isConref(reference)
  if (fragment === null) return isContent && needsFragment(reference) ? 'CONREF_SYNTAX' : 'local'
  const syntax: ReferenceState = isContent ? 'CONREF_SYNTAX' : 'REF_FRAGMENT_SYNTAX'
  if (!/^[^/]+(?:\/[^/]+)?$/.test(fragment)) return syntax
  const isInThisTopic = fragment === '.' || fragment.startsWith('./')
  if (isInThisTopic && (path !== '' || reference.topic < 0)) return syntax
  if (fragment.includes('/') && isNavigation(reference)) return syntax
  return 'local'
}

/** Only a topic, a map or a topicref can stand for a whole file. */
function needsFragment(reference: Reference): boolean {
  const kind = elementsByName.get(reference.element)?.kind
  return kind === 'other'
}

/** A topicref that is navigation means a topic: no element of one. */
function isNavigation(reference: Reference): boolean {
  return reference.attribute === 'href' && !reference.resourceOnly && elementsByName.get(reference.element)?.kind === 'topicref'
}
