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
export type ReferenceSyntax = 'uri' | 'uris' | 'key' | 'keys' | 'name'

export interface ReferenceAttribute {
  readonly attribute: string
  readonly syntax: ReferenceSyntax
  readonly use: ReferenceUse
  /** Class tokens of the elements that it means something on; `null`: on every element. */
  readonly on: readonly string[] | null
}

export const referenceAttributes: readonly ReferenceAttribute[] = [
  { attribute: 'href', syntax: 'uri', use: 'link', on: null },
  { attribute: 'conref', syntax: 'uri', use: 'content', on: null },
  { attribute: 'conrefend', syntax: 'uri', use: 'content', on: null },
  { attribute: 'conkeyref', syntax: 'key', use: 'key', on: null },
  { attribute: 'keyref', syntax: 'key', use: 'key', on: null },
  { attribute: 'longdescref', syntax: 'uri', use: 'link', on: ['topic/image', 'topic/object'] },
  { attribute: 'data', syntax: 'uri', use: 'image', on: ['topic/object'] },
  { attribute: 'archive', syntax: 'uris', use: 'image', on: ['topic/object'] },
  { attribute: 'codebase', syntax: 'name', use: 'name', on: ['topic/object'] },
  { attribute: 'datakeyref', syntax: 'key', use: 'key', on: ['topic/object'] },
  { attribute: 'classidkeyref', syntax: 'key', use: 'key', on: ['topic/object'] },
  { attribute: 'codebasekeyref', syntax: 'key', use: 'key', on: ['topic/object'] },
  { attribute: 'archivekeyrefs', syntax: 'keys', use: 'key', on: ['topic/object'] },
  { attribute: 'mapref', syntax: 'uri', use: 'map', on: ['map/navref'] },
  { attribute: 'anchorref', syntax: 'uri', use: 'link', on: ['map/map'] },
  { attribute: 'subjectrefs', syntax: 'keys', use: 'key', on: ['map/topicref'] },
  { attribute: 'copy-to', syntax: 'name', use: 'name', on: ['map/topicref'] },
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
