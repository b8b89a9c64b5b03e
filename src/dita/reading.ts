import type { AssetType } from '../model/asset-type.ts'
import type { ObservationKind } from './observations.ts'
import type { Reference, TargetTable } from './reference.ts'
import type { XmlErrorCode } from './xml/events.ts'

/** A place in a document: line and column count from 1, `offset` in bytes of the decoded text (for the excerpt). */
export interface Place {
  readonly line: number
  readonly column: number
  readonly offset: number
}

/** A topic, map or other root as the checks want to see it. */
export interface TopicReading {
  /** As written; `null` where the attribute is missing. */
  readonly id: string | null
  readonly element: string
  /** Text of the title, blanks collapsed; `null` without a title element. */
  readonly title: string | null
  /** The title holds a keyref, so that its text may come from a key. */
  readonly titleHasKeyref: boolean
  readonly place: Place
}

/** An element of a map that defines keys: what they lead to, or the text that they stand for. */
export interface KeyDefinition {
  readonly keys: readonly string[]
  readonly element: string
  readonly href: string | null
  readonly keyref: string | null
  readonly scope: string | null
  readonly format: string | null
  /** Text content for variables, blanks collapsed, `null` where there is none. */
  readonly text: string | null
  /** Names of the enclosing `keyscope`s, outermost first. */
  readonly scopes: readonly (readonly string[])[]
  readonly place: Place
}

/** An element of a map that opens a key scope. */
export interface KeyScopeDefinition {
  readonly names: readonly string[]
  readonly place: Place
}

/** A metadata value found in a prolog, topicmeta, bookmeta, front matter or head: name such as `author`, `keyword`, `audience@type`. */
export interface MetadataEntry {
  readonly name: string
  readonly value: string
  /** In a map: the href, keyref or keys of the topicref whose topicmeta holds it; `null` where it is about the document itself. */
  readonly about: string | null
}

/**
 * Whatever the checks may want to see of a document and that is neither a reference nor an id: recorded during the one pass.
 * Every kind is documented in `observations.ts`.
 */
export interface Observation {
  readonly kind: ObservationKind
  /** What it is about: an element, attribute or prefix name, a value. Cut to `maxShownValueCharacters`. */
  readonly subject: string
  readonly detail: string
  readonly place: Place
}

/** Everything that one pass over a readable document gives. */
export interface DocumentReading {
  readonly type: AssetType
  /** How it was read. `foreign` is XML that is not DITA; `plain` was not parsed (any other file). */
  readonly syntax: 'dita' | 'ditaval' | 'markdown' | 'html' | 'svg' | 'foreign' | 'plain' | 'image'
  readonly path: string
  readonly rootElement: string | null
  readonly doctype: {
    readonly name: string
    readonly publicId: string | null
    readonly systemId: string | null
    readonly place: Place
  } | null
  readonly encoding: string | null
  readonly elementCount: number
  readonly title: string | null
  readonly shortDescription: string | null
  /** `xml:lang` as written, and in normal case (`en-US`); `null` where missing. */
  readonly language: { readonly written: string; readonly normal: string | null; readonly place: Place } | null
  readonly metadata: readonly MetadataEntry[]
  readonly topics: readonly TopicReading[]
  /** Every id with its place, in document order, parallel to `targets.elements`. */
  readonly idPlaces: readonly Place[]
  readonly targets: TargetTable
  readonly references: readonly Reference[]
  readonly keys: readonly KeyDefinition[]
  readonly keyScopes: readonly KeyScopeDefinition[]
  readonly observations: readonly Observation[]
  /** Pixels of an image (after orientation), `null` otherwise. */
  readonly dimensions: { readonly width: number; readonly height: number } | null
  /** Media type by content, else by name. */
  readonly mediaType: string
  /** The source line around a place, cut; for excerpts of problems. */
  excerpt(place: Place): string | null
}

/** Why a document could not be read. The asset becomes a FAILURE with this problem. */
export interface ReadingFailure {
  readonly code: XmlErrorCode | 'NOT_DITA' | 'IMAGE_CORRUPT'
  readonly message: string
  readonly place: Place | null
  readonly excerpt: string | null
  readonly type: AssetType
  readonly mediaType: string
}

/** What reading gives: `reading` where the document can be trusted, else the `failure` that says why not. */
export type ReadingResult =
  | { readonly reading: DocumentReading; readonly failure: null }
  | { readonly reading: null; readonly failure: ReadingFailure }
