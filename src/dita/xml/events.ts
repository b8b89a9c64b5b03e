import type { Buffer } from 'node:buffer'

/**
 * What the XML scanner says and takes. The scanner is a conforming non-validating processor of XML 1.0 (5th edition):
 * it reads the internal subset (entities, attribute declarations with their normalisation and defaults), never anything external.
 *
 * Names are interned: equal names are the same string object for the life of the process (within a bound), so handlers may
 * look them up in a Map at the cost of a pointer. Values are decoded only when asked for.
 */

/** Why a document is not trustworthy. The codes are the problem codes of `checks/`. */
export type XmlErrorCode =
  | 'EMPTY_FILE'
  | 'NOT_WELL_FORMED'
  | 'INVALID_ENCODING'
  | 'UNSUPPORTED_ENCODING'
  | 'INVALID_CHARACTER'
  | 'XML_VERSION'
  | 'EXTERNAL_ENTITY'
  | 'ENTITY_EXPANSION_LIMIT'
  | 'ENTITY_RECURSION'
  | 'LIMIT_DEPTH'
  | 'LIMIT_ATTRIBUTES'
  | 'LIMIT_ELEMENTS'
  | 'LIMIT_FILE_SIZE'
  | 'LIMIT_NAME_LENGTH'
  | 'LIMIT_VALUE_LENGTH'

/** The scan stops at the first fatal error. `message` is a full sentence that quotes at most a few characters of the document. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
  readonly code: XmlErrorCode
  /** Place in the text of the scan (see {@link XmlSource}), in bytes; in the bytes of the file after its byte order mark when `place` is set. */
  readonly offset: number
  /** Set when no source could be opened that would tell the place of `offset`. */
  readonly place: LineColumn | null

  constructor(code: XmlErrorCode, message: string, offset: number, place: LineColumn | null = null) {
    super(message)
    this.code = code
    this.offset = offset
    this.place = place
  }
}

/** A place for people: both count from 1, columns in characters (code points). CR, LF and CRLF each end a line. */
export interface LineColumn {
  readonly line: number
  readonly column: number
}

/** A document and the places in it: UTF-8 bytes, transcoded first where the document was in another encoding. */
export interface PlacedText {
  readonly bytes: Uint8Array
  /** The encoding that the document was decoded from, in the name of the Encoding Standard (`utf-8`, `utf-16le`, `iso-8859-1` …). */
  readonly encoding: string
  /** Linear in the distance from the last call when called with growing offsets. */
  lineColumn(offset: number): LineColumn
  /** The line around `offset`, trimmed and cut to `maxCharacters`. */
  excerpt(offset: number, maxCharacters: number): string
}

/** The text that a scan runs over. */
export interface XmlSource extends PlacedText {
  readonly bytes: Buffer
  /** The text between two offsets, neither of them inside a character, as it stands. */
  decode(start: number, end: number): string
}

/** A document type declaration, as it is written. */
export interface XmlDoctype {
  readonly name: string
  readonly publicId: string | null
  readonly systemId: string | null
  readonly hasInternalSubset: boolean
  readonly offset: number
}

/** The attributes of one start tag, defaults of the internal subset included. Valid only during the call that hands it over. */
export interface XmlAttributes {
  readonly count: number
  /** The interned qualified name. */
  name(index: number): string
  /** The normalised value (XML 1.0, 3.3.3), decoded on each call. */
  value(index: number): string
  /** Where the attribute's name begins; the start tag's offset for a defaulted attribute or one inside an entity. */
  offset(index: number): number
  /** The value of the attribute of that name, or `undefined`. */
  get(name: string): string | undefined
}

/**
 * Receives the events of a scan in document order. `offset` is where the construct begins in the source; inside the expansion of an
 * entity it is the offset of the outermost reference. Every method is optional but the two of elements. A throw ends the scan.
 * A `decode` is good during the call that hands it over. Comments and processing instructions of the internal subset are not told.
 */
export interface XmlHandler {
  doctype?(doctype: XmlDoctype): void
  startElement(name: string, attributes: XmlAttributes, offset: number): void
  endElement(name: string, offset: number): void
  /**
   * Character data with line ends normalised; CDATA sections and expanded entities included. May come in several pieces.
   * `decode` gives the text; a handler that does not call it pays nothing.
   */
  text?(decode: () => string, offset: number): void
  comment?(decode: () => string, offset: number): void
  processingInstruction?(target: string, decode: () => string, offset: number): void
  /** An undeclared entity in a document whose external subset was not read: a matter of validity, not fatal (XML 1.0, 4.1). */
  skippedEntity?(name: string, offset: number): void
  /** External or unparsed entities and parameter entities that were declared but not used. */
  entityDeclared?(kind: 'external' | 'unparsed' | 'parameter', name: string, offset: number): void
  /** A prefix without a namespace declaration in scope: legal XML 1.0, often legal DITA (the DTD declares it). Reported once per prefix. */
  unboundPrefix?(prefix: string, offset: number): void
}
