import { typeByExtension } from '../../model/asset-type.ts'
import type { DocumentReading, ReadingResult, TopicReading } from '../reading.ts'
import { XmlError } from '../xml/events.ts'
import { assembleReading, excerptsOf } from './assemble.ts'
import { failureOf } from './failure-of.ts'
import { Findings } from './findings.ts'
import { type FrontMatter, readFrontMatter } from './front-matter.ts'
import { HtmlReader } from './html-reader.ts'
import { normalLanguage } from './language-tag.ts'
import { MarkdownReader } from './markdown-reader.ts'
import { openTextSource, type TextSource } from './text-source.ts'

/** Reads an HTML page (HDITA: Lightweight DITA 1.0, 4.2). */
export function readHtml(path: string, bytes: Uint8Array): ReadingResult {
  return reading(path, 'text/html', bytes, (source) => {
    const findings = new Findings()
    const reader = new HtmlReader(findings)
    reader.read(source.text)
    findings.finish(source)
    const { language } = reader
    return assembleReading({
      type: 'HTML/CSS',
      syntax: 'html',
      path,
      mediaType: 'text/html',
      rootElement: 'html',
      encoding: source.encoding,
      elementCount: reader.elementCount,
      title: reader.topics[0]?.title || reader.pageTitle || null,
      language: language && { ...language, normal: normalLanguage(language.written) },
      metadata: findings.metadata,
      topics: reader.topics,
      idPlaces: reader.idPlaces,
      targets: reader.targets(),
      references: reader.references,
      observations: findings.observations,
      excerpt: excerptsOf(source),
    })
  })
}

/** Reads a Markdown document (MDITA: Lightweight DITA 1.0, 4.3). */
export function readMarkdown(path: string, bytes: Uint8Array): ReadingResult {
  return reading(path, 'text/markdown', bytes, (source) => {
    const findings = new Findings()
    const front = readFrontMatter(source.text)
    const isMdita = path.toLowerCase().endsWith('.mdita') || front.entries.some(({ name }) => name === 'id' || name === '$schema')
    const reader = new MarkdownReader(source.text.slice(front.end), lineStarts(source.bytes), front.lines, isMdita, findings)
    reader.read()
    for (const { name, value } of front.entries) findings.addMetadata(name, value, null, 0)
    if (front.problem !== null) findings.observe('front-matter-invalid', front.problem, '', 0)
    const idPlaces = reader.headings.map(({ offset }) => findings.places.at(offset))
    const topic = topicOf(front, reader, findings)
    findings.finish(source)
    const language = frontValue(front, 'lang') ?? frontValue(front, 'language')
    return assembleReading({
      type: 'MARKDOWN',
      syntax: 'markdown',
      path,
      mediaType: 'text/markdown',
      encoding: source.encoding,
      elementCount: reader.blockCount,
      title: topic.title,
      shortDescription: frontValue(front, 'shortdesc') ?? reader.firstParagraph,
      language: language === null ? null : { written: language, normal: normalLanguage(language), place: topic.place },
      metadata: findings.metadata,
      topics: [topic],
      idPlaces,
      targets: {
        root: 'other',
        rootElement: '',
        topics: [{ id: topic.id ?? '', element: topic.element }],
        elements: reader.headings.map(({ id, level }, position) => ({
          id,
          element: `h${level}`,
          topic: 0,
          parent: -1,
          parentNumber: -1,
          position,
        })),
      },
      references: [...reader.references, ...reader.html.references].sort((a, b) => a.line - b.line),
      observations: findings.observations,
      excerpt: excerptsOf(source),
    })
  })
}

/** The one topic of the document: its id is that of the front matter, else that of the first heading. */
function topicOf(front: FrontMatter, reader: MarkdownReader, findings: Findings): TopicReading {
  const heading = reader.headings[0]
  return {
    id: frontValue(front, 'id') ?? heading?.id ?? null,
    element: 'topic',
    title: frontValue(front, 'title') ?? heading?.text ?? null,
    titleHasKeyref: false,
    place: findings.places.at(heading?.offset ?? 0),
  }
}

function frontValue({ entries }: FrontMatter, name: string): string | null {
  return entries.find((entry) => entry.name === name)?.value ?? null
}

/** Byte offsets at which lines begin, as Markdown counts them: LF, CR and CRLF end one. */
function lineStarts(bytes: Uint8Array): number[] {
  const starts = [0]
  for (const [index, byte] of bytes.entries()) {
    if (byte === 0x0a || (byte === 0x0d && bytes[index + 1] !== 0x0a)) starts.push(index + 1)
  }
  return starts
}

function reading(path: string, mediaType: string, bytes: Uint8Array, read: (source: TextSource) => DocumentReading): ReadingResult {
  let source: TextSource | null = null
  try {
    source = openTextSource(bytes)
    return { reading: read(source), failure: null }
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return failureOf(error, source, typeByExtension(path), mediaType)
  }
}
