/**
 * The attributes that carry references (DITA 1.3 and 2.0 spellings), what each means, and on which elements.
 *
 * From the attribute declarations of the OASIS grammars. Not here because they name no resource: `classid` (a class identifier),
 * `usemap` (HTML), `ux-windowref` (a window), `xtrf` and `xtrc` (traces of processing), `xml:base` (not used by DITA),
 * `xsi:schemaLocation`, `mapkeyref` and the `keyref` of `navref` (declared by mistake).
 */
import type { ReferenceUse } from '../reference.ts'

/**
 * `uri`     one URI reference
 * `uris`    URI references separated by blanks
 * `key`     one key reference, `keys` several separated by blanks
 * `name`    a name or a base, nothing to look up
 */
type ReferenceSyntax = 'uri' | 'uris' | 'key' | 'keys' | 'name'

/** An attribute that makes a reference, and on which elements. */
export interface ReferenceAttribute {
  readonly attribute: string
  readonly syntax: ReferenceSyntax
  readonly use: ReferenceUse
  /** Bases of the elements that it means something on; `null`: on every element. */
  readonly on: readonly string[] | null
  /** The one base that it means nothing on. */
  readonly notOn: string | null
  /** The format of whatever it leads to, where that is always the same. */
  readonly format: string | null
}

interface Restrictions {
  readonly on?: readonly string[]
  readonly notOn?: string
  readonly format?: string
}

function row(attribute: string, syntax: ReferenceSyntax, use: ReferenceUse, { on, notOn, format }: Restrictions = {}): ReferenceAttribute {
  return { attribute, syntax, use, on: on ?? null, notOn: notOn ?? null, format: format ?? null }
}

const onObject = { on: ['topic/object'] }

/** Every attribute that makes a reference. */
export const referenceAttributes: readonly ReferenceAttribute[] = [
  row('href', 'uri', 'link'),
  row('conref', 'uri', 'content', { format: 'dita' }),
  row('conrefend', 'uri', 'content', { format: 'dita' }),
  row('conkeyref', 'key', 'key'),
  row('keyref', 'key', 'key', { notOn: 'map/navref' }),
  row('longdescref', 'uri', 'link', { on: ['topic/image', 'topic/object'] }),
  row('data', 'uri', 'image', onObject),
  row('archive', 'uris', 'image', onObject),
  row('codebase', 'name', 'name', onObject),
  row('datakeyref', 'key', 'key', onObject),
  row('classidkeyref', 'key', 'key', onObject),
  row('codebasekeyref', 'key', 'key', onObject),
  row('archivekeyrefs', 'keys', 'key', onObject),
  row('mapref', 'uri', 'map', { on: ['map/navref'], format: 'ditamap' }),
  row('anchorref', 'uri', 'link', { on: ['map/map'], format: 'ditamap' }),
  row('subjectrefs', 'keys', 'key', { on: ['map/topicref'] }),
  row('copy-to', 'name', 'name', { on: ['map/topicref'] }),
]

/** What `href` is for on elements where it is no link, by class token; the most special token counts. */
export const hrefUses: Readonly<Record<string, ReferenceUse>> = {
  'topic/image': 'image',
  'topic/audio': 'image',
  'topic/video': 'image',
  'topic/video-poster': 'image',
  'topic/media-source': 'image',
  'topic/media-track': 'image',
  'pr-d/coderef': 'content',
  'svg-d/svgref': 'content',
  'mathml-d/mathmlref': 'content',
  'topic/include': 'content',
}

/** A value that stands for "as the target of the conref has it" on any attribute: never a file, never an id (DITA 1.3, 2.4.4.1.3). */
export const useConrefTarget = '-dita-use-conref-target'
