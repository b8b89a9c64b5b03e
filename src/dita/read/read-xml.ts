import { type AssetType, extensionOf, typeByExtension } from '../../model/asset-type.ts'
import { maxExcerptCharacters } from '../../model/document-limits.ts'
import type { DocumentReading, ReadingResult } from '../reading.ts'
import type { XmlDoctype, XmlSource } from '../xml/events.ts'
import { XmlError } from '../xml/events.ts'
import { openXmlSource } from '../xml/open-source.ts'
import { scanXml } from '../xml/scan.ts'
import { assembleReading, excerptsOf } from './assemble.ts'
import { DitaReader } from './dita-reader.ts'
import { DitavalReader } from './ditaval-reader.ts'
import { failureOf } from './failure-of.ts'
import { normalLanguage } from './language-tag.ts'
import { ditaMediaType, mediaTypeByName } from './media-types.ts'
import type { RootKind } from './root-kind.ts'
import { SvgReader } from './svg-reader.ts'
import { NotDita, XmlReader } from './xml-reader.ts'

/**
 * Reads an XML document. XML that is not DITA is an ordinary file, whatever is wrong with it, unless its name promises DITA.
 */
export function readXml(path: string, bytes: Uint8Array): ReadingResult {
  const reader = new XmlReader(path)
  let source: XmlSource | null = null
  try {
    source = openXmlSource(bytes)
    scanXml(source, reader)
    reader.findings.finish(source)
    return { reading: readingOf(path, reader, source), failure: null }
  } catch (error) {
    if (error instanceof NotDita) return notDita(path, source)
    if (!(error instanceof XmlError)) throw error
    if (reader.kind === 'foreign' || reader.kind === 'html') return { reading: foreignReading(path, reader, source), failure: null }
    return failureOf(error, source, typeOf(reader.kind, path, null), mediaTypeOf(reader.kind, path))
  }
}

function typeOf(kind: RootKind | null, path: string, doctype: XmlDoctype | null): AssetType {
  switch (kind) {
    case 'topic':
      return 'DITATOPIC'
    case 'map':
      return 'DITAMAP'
    case 'ditaval':
      return 'DITAVAL'
    case 'untyped':
      return isMapByName(path, doctype) ? 'DITAMAP' : extensionOf(path) === 'ditaval' ? 'DITAVAL' : 'DITATOPIC'
    case 'svg':
    case 'html':
    case 'foreign':
      return 'OTHERS'
    case null:
      return typeByExtension(path)
    default:
      return kind satisfies never
  }
}

function isMapByName(path: string, doctype: XmlDoctype | null): boolean {
  return typeByExtension(path) === 'DITAMAP' || /map\b/i.test(doctype?.publicId ?? doctype?.systemId ?? '')
}

function mediaTypeOf(kind: RootKind | null, path: string): string {
  if (kind === 'svg') return 'image/svg+xml'
  return kind === 'foreign' || kind === 'html' || kind === null ? mediaTypeByName(path) : ditaMediaType
}

/** What every XML document has. */
function commonOf(path: string, { body, kind, findings, rootElement, doctypeRead, doctypePlace }: XmlReader, source: XmlSource) {
  return {
    type: typeOf(kind, path, doctypeRead),
    path,
    mediaType: mediaTypeOf(kind, path),
    rootElement,
    doctype: doctypeRead && {
      name: doctypeRead.name,
      publicId: doctypeRead.publicId,
      systemId: doctypeRead.systemId,
      place: doctypePlace!,
    },
    encoding: source.encoding,
    elementCount: body.elementCount,
    metadata: findings.metadata,
    observations: findings.observations,
    excerpt: excerptsOf(source),
  }
}

function readingOf(path: string, reader: XmlReader, source: XmlSource): DocumentReading {
  const common = commonOf(path, reader, source)
  const { body, kind } = reader
  if (body instanceof DitaReader) return ditaReading(common, body, source)
  const root = { root: kind === 'ditaval' ? 'ditaval' : 'other', rootElement: reader.rootElement!, topics: [], elements: [] } as const
  if (body instanceof DitavalReader) return assembleReading({ ...common, syntax: 'ditaval', targets: root, references: body.references })
  if (body instanceof SvgReader) return assembleReading({ ...common, syntax: 'svg', targets: root, dimensions: body.dimensions })
  return assembleReading({ ...common, syntax: 'foreign', targets: root })
}

function ditaReading(common: ReturnType<typeof commonOf>, body: DitaReader, source: XmlSource): DocumentReading {
  const [first] = body.topics
  const { language } = body
  return {
    ...common,
    syntax: 'dita',
    title: first?.title || body.mapTitle,
    shortDescription: body.shortDescription,
    language: language && {
      written: language.written,
      normal: normalLanguage(language.written),
      place: { ...source.lineColumn(language.offset), offset: language.offset },
    },
    topics: body.topics,
    idPlaces: body.targets.idPlaces,
    targets: body.targets.table(common.type === 'DITAMAP' ? 'map' : 'topic', common.rootElement ?? ''),
    references: body.references.references,
    keys: body.keys.keys,
    keyScopes: body.keys.keyScopes,
    dimensions: null,
  }
}

function foreignReading(path: string, reader: XmlReader, source: XmlSource | null): DocumentReading {
  return assembleReading({
    type: 'OTHERS',
    syntax: 'foreign',
    path,
    mediaType: mediaTypeByName(path),
    rootElement: reader.rootElement,
    encoding: source?.encoding ?? null,
  })
}

function notDita(path: string, source: XmlSource | null): ReadingResult {
  return {
    reading: null,
    failure: {
      code: 'NOT_DITA',
      message: 'The file is an HTML page, not a DITA document.',
      place: { line: 1, column: 1, offset: 0 },
      excerpt: source?.excerpt(0, maxExcerptCharacters) ?? null,
      type: typeByExtension(path),
      mediaType: 'text/html',
    },
  }
}
