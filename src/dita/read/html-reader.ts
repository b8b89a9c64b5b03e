import { Parser } from 'htmlparser2'
import { maxAttributesPerElement, maxHtmlDepth } from '../../model/document-limits.ts'
import type { Place, TopicReading } from '../reading.ts'
import type { Reference, TargetElement, TargetTable } from '../reference.ts'
import { htmlReferenceAttributes } from '../tables/html-references.ts'
import { XmlError } from '../xml/events.ts'
import type { Findings } from './findings.ts'
import { simpleReference } from './simple-reference.ts'
import { TextCaptures } from './text-captures.ts'
import { ByteOffsets } from './text-source.ts'

interface Attribute {
  readonly name: string
  readonly value: string
  readonly offset: number
}

type TopicDraft = { -readonly [Field in keyof TopicReading]: TopicReading[Field] }

/** Elements that are topics in HDITA, and headings that title them (Lightweight DITA 1.0, 4.2). */
const topicElements: ReadonlySet<string> = new Set(['article'])

/** Reads an HTML page, or a part of one, for what Lightweight DITA finds in it. */
export class HtmlReader {
  elementCount = 0
  readonly references: Reference[] = []
  readonly topics: TopicDraft[] = []
  readonly idPlaces: Place[] = []
  pageTitle: string | null = null
  language: { written: string; place: Place } | null = null
  private readonly elements: TargetElement[] = []
  private readonly findings: Findings
  private readonly captures = new TextCaptures()
  private attributes: Attribute[] = []
  private depth = 0
  private bytes = new ByteOffsets('')
  /** Added to all offsets: where the part begins in its document. */
  private base = 0

  constructor(findings: Findings) {
    this.findings = findings
  }

  /** Reads `text`, which begins at the byte `base` of the document. Throws an XmlError LIMIT_DEPTH or LIMIT_ATTRIBUTES. */
  read(text: string, base = 0): void {
    this.base = base
    this.bytes = new ByteOffsets(text)
    this.depth = 0
    const parser = new Parser({
      onopentagname: () => {
        this.attributes = []
      },
      onattribute: (name, value) => this.addAttribute({ name, value, offset: this.offset(parser.startIndex) }),
      onopentag: (name) => this.startElement(name, this.offset(parser.startIndex)),
      onclosetag: () => this.captures.close(this.depth--),
      ontext: (data) => {
        if (this.captures.isActive) this.captures.append(data)
      },
    })
    parser.write(text)
    parser.end()
  }

  /** What can be addressed. The root is `other`: fragments of pages belong to their media type. */
  targets(): TargetTable {
    return {
      root: 'other',
      rootElement: 'html',
      topics: this.topics.map(({ id, element }) => ({ id: id ?? '', element })),
      elements: this.elements,
    }
  }

  private offset(unit: number): number {
    return this.base + this.bytes.at(unit)
  }

  private addAttribute(attribute: Attribute): void {
    if (this.attributes.push(attribute) > maxAttributesPerElement) {
      throw new XmlError('LIMIT_ATTRIBUTES', `An element has more than ${maxAttributesPerElement} attributes.`, attribute.offset)
    }
  }

  private startElement(name: string, offset: number): void {
    this.elementCount++
    if (++this.depth > maxHtmlDepth) {
      throw new XmlError('LIMIT_DEPTH', `Elements are nested more than ${maxHtmlDepth} deep.`, offset)
    }
    const id = this.attributes.find((attribute) => attribute.name === 'id')
    if (topicElements.has(name)) this.startTopic(name, id?.value ?? null, offset)
    if (id !== undefined) this.addTarget(name, id)
    for (const attribute of this.attributes) this.readAttribute(name, attribute)
    this.readHead(name, offset)
  }

  private startTopic(element: string, id: string | null, offset: number): void {
    this.topics.push({ id, element, title: null, titleHasKeyref: false, place: this.findings.places.at(offset) })
  }

  private addTarget(element: string, { value, offset }: Attribute): void {
    this.idPlaces.push(this.findings.places.at(offset))
    this.elements.push({ id: value, element, topic: this.topics.length - 1, parent: -1, parentNumber: -1, position: this.elements.length })
  }

  private readAttribute(element: string, { name, value, offset }: Attribute): void {
    const use = htmlReferenceAttributes.get(`${element} ${name}`) ?? htmlReferenceAttributes.get(`* ${name}`)
    if (use !== undefined) {
      const reference = simpleReference(element, name, value, use)
      // An address without extension is another page, one without path is this one.
      if (reference.format === 'dita' && !/\.(?:dita|xml)(?:[?#]|$)/i.test(value)) reference.format = 'html'
      reference.topic = this.topics.length - 1
      this.findings.places.register(reference, offset)
      this.references.push(reference)
    } else if (name === 'lang' && this.language === null) this.language = { written: value, place: this.findings.places.at(offset) }
  }

  private readHead(name: string, offset: number): void {
    const topic = this.topics.at(-1)
    if (name === 'title') this.captures.open(this.depth, (text) => (this.pageTitle ??= text))
    else if (name === 'h1' && topic !== undefined && topic.title === null) this.captures.open(this.depth, (text) => (topic.title ??= text))
    else if (name === 'meta') {
      const key = this.attributes.find((attribute) => attribute.name === 'name')?.value
      const content = this.attributes.find((attribute) => attribute.name === 'content')?.value
      if (key !== undefined && content !== undefined) this.findings.addMetadata(key, content, null, offset)
    }
  }
}
