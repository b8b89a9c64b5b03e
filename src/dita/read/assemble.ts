import { maxExcerptCharacters } from '../../model/document-limits.ts'
import type { DocumentReading } from '../reading.ts'
import type { PlacedText } from '../xml/events.ts'

/** What every reading has to say of itself; the rest is empty unless given. */
export type ReadingParts = Pick<DocumentReading, 'type' | 'syntax' | 'path' | 'mediaType'> & Partial<DocumentReading>

/** Completes a reading with what there is nothing of. */
export function assembleReading(parts: ReadingParts): DocumentReading {
  return {
    rootElement: null,
    doctype: null,
    encoding: null,
    elementCount: 0,
    title: null,
    shortDescription: null,
    language: null,
    metadata: [],
    topics: [],
    idPlaces: [],
    targets: { root: 'other', rootElement: '', topics: [], elements: [] },
    references: [],
    keys: [],
    keyScopes: [],
    observations: [],
    dimensions: null,
    excerpt: () => null,
    ...parts,
  }
}

/** Excerpts of a source, cut to `maxExcerptCharacters`. */
export function excerptsOf(source: PlacedText): DocumentReading['excerpt'] {
  return (place) => source.excerpt(place.offset, maxExcerptCharacters)
}
