import type { AssetType } from '../../model/asset-type.ts'
import { maxExcerptCharacters } from '../../model/document-limits.ts'
import type { ReadingResult } from '../reading.ts'
import type { PlacedText, XmlError } from '../xml/events.ts'

/** The result for a document that could not be read: what the error says, where it says it, and the line around. */
export function failureOf(error: XmlError, source: PlacedText | null, type: AssetType, mediaType: string): ReadingResult {
  const at = error.place ?? source?.lineColumn(error.offset) ?? null
  return {
    reading: null,
    failure: {
      code: error.code,
      message: error.message,
      place: at === null ? null : { line: at.line, column: at.column, offset: error.offset },
      excerpt: source?.excerpt(error.offset, maxExcerptCharacters) ?? null,
      type,
      mediaType,
    },
  }
}
