/**
 * One link from an asset to another, as written in the source, with what the DITA specification says about it when no grammar is
 * read: defaulted and cascaded `scope`, `format` and `processing-role` (DITA 1.3, 2.4.3; defaults of the OASIS grammars).
 */

/**
 * What the reference is for.
 *
 * `link`    leads the reader somewhere (xref, link, topicref to a topic …)
 * `content` pulls or pushes content (conref, conrefend, coderef, include)
 * `map`     includes another map (mapref, topicref with format ditamap, schemeref, navref …)
 * `image`   shows a picture or plays a medium
 * `name`    no target: a name for the output (`copy-to`)
 * `key`     addresses through a key (keyref, conkeyref …): stored as found, resolved per root map
 */
export const referenceUses = ['link', 'content', 'map', 'image', 'name', 'key'] as const
export type ReferenceUse = (typeof referenceUses)[number]

/** Where the target is: in this repository, elsewhere among the content of the same authors, or outside. */
export type ReferenceScope = 'local' | 'peer' | 'external'

/** One link of a document to something else, or to a place in itself. */
export interface Reference {
  readonly element: string
  readonly attribute: string
  /** The attribute's normalised value, entities expanded. Data URIs and other monsters are cut to `maxShownValueCharacters` with an ellipsis. */
  readonly value: string
  readonly line: number
  readonly column: number
  readonly use: ReferenceUse
  readonly scope: ReferenceScope
  /** The `scope` attribute as written or cascaded, where it is no legal value; else `null`. */
  readonly oddScope: string | null
  /** Whether `scope` was written or cascaded, not guessed from the value. */
  readonly scopeGiven: boolean
  /** The effective processing-role is resource-only: still a reference, no navigation. */
  readonly resourceOnly: boolean
  /** Effective format in lower case (`dita`, `ditamap`, `png` …); `null` where nothing says. */
  readonly format: string | null
  /** Whether `format` was written or cascaded, not guessed from the extension. */
  readonly formatGiven: boolean
  /** Index into {@link TargetTable.elements} of the nearest enclosing element with an id (itself included), or -1. For loops and `#./`. */
  readonly within: number
  /** Index into {@link TargetTable.topics} of the nearest enclosing topic, or -1 (a map, a DITAVAL, a web page). */
  readonly topic: number
  /** The element's own id for content references: what a loop would come back to. -1: none. */
  readonly own: number
  /** Value of `conaction`, or `null`. */
  readonly conaction: string | null
  /** A `conrefend`'s start: the index of the `conref` of the same element in the document's references, or -1. */
  readonly start: number
  /** The `codebase` that the value is relative to (`data` and `archive` of `object`), or `null`. */
  readonly base: string | null
}

/** An element that others can address: a topic, a map, or an element with an id. */
export interface TargetElement {
  readonly id: string
  readonly element: string
  /** Index into {@link TargetTable.topics}, -1 outside of topics (maps). */
  readonly topic: number
  /** Index into {@link TargetTable.elements} of the nearest enclosing element with an id, or -1. */
  readonly parent: number
  /** Number of the parent element in document order, and the position among its children: for ranges. */
  readonly parentNumber: number
  readonly position: number
}

/** What other assets can point at in an asset; stored with it, so that nothing has to be parsed again when they do. */
export interface TargetTable {
  readonly root: 'topic' | 'map' | 'ditaval' | 'other'
  /** Root element name; '' where there is none. */
  readonly rootElement: string
  /** Topic ids in document order ('' where missing) with the element name; index 0 is what a reference without fragment means. */
  readonly topics: readonly { readonly id: string; readonly element: string }[]
  readonly elements: readonly TargetElement[]
}

/**
 * How a reference stands in the tree.
 *
 * `ok`        the target (and its fragment) exists
 * `waiting`   the target exists, its fragments are not known yet (it is PENDING or PROCESSING)
 * `external`, `peer` not looked up (scope); `key` resolved per root map; `name` no target
 * the others: the problem code that describes it, e.g. `REF_TARGET_MISSING`
 */
export type ReferenceState = 'ok' | 'waiting' | 'external' | 'peer' | 'key' | 'name' | (string & {})
