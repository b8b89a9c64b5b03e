import type { DocumentReading } from './reading.ts'

/**
 * What is worth knowing about a document, as it is stored with its asset: JSON. Places are left out: facts are looked at, problems are
 * gone to. Empty lists and what is not there are left out as well.
 */
export function encodeFacts(reading: DocumentReading): string {
  const { syntax, rootElement, doctype, encoding, elementCount, title, shortDescription, language, dimensions } = reading
  return JSON.stringify({
    syntax,
    ...withoutEmpty({
      rootElement,
      doctype: doctype && { name: doctype.name, publicId: doctype.publicId, systemId: doctype.systemId },
      encoding,
      elementCount,
      title,
      shortDescription,
      language: language && (language.normal ?? language.written),
      dimensions,
      metadata: reading.metadata,
      topics: reading.topics.map((topic) => withoutEmpty({ id: topic.id, element: topic.element, title: topic.title })),
      keys: reading.keys.map(({ place: _, ...key }) => withoutEmpty(key)),
      keyScopes: reading.keyScopes.map(({ names }) => names),
    }),
  })
}

/** A loop and no lists of entries: of 200,000 keys they took half of 0.17 to 0.26 s. */
function withoutEmpty(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const name in fields) {
    const value = fields[name]
    if (value !== null && !(Array.isArray(value) && value.length === 0)) kept[name] = value
  }
  return kept
}
