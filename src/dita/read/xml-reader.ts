import type { Place } from '../reading.ts'
import { isKnownDoctype } from '../tables/doctypes.ts'
import type { XmlAttributes, XmlDoctype, XmlHandler } from '../xml/events.ts'
import { DitaReader } from './dita-reader.ts'
import { DitavalReader } from './ditaval-reader.ts'
import { Findings } from './findings.ts'
import { promisesDita, type RootKind, rootKindOf } from './root-kind.ts'
import { SvgReader } from './svg-reader.ts'

/** Counts the elements of a document that is nothing to us. */
class ForeignReader implements XmlHandler {
  elementCount = 0
  startElement(): void {
    this.elementCount++
  }
  endElement(): void {}
  text(): void {}
}

/** The document is HTML although its name promises DITA: nothing more is to be read. */
export class NotDita extends Error {}

type Body = DitaReader | DitavalReader | SvgReader | ForeignReader

/** Reads any XML document: judges the root, then hands everything to the reader for its kind. */
export class XmlReader implements XmlHandler {
  readonly findings = new Findings()
  kind: RootKind | null = null
  rootElement: string | null = null
  doctypeRead: XmlDoctype | null = null
  doctypePlace: Place | null = null
  body: Body = new ForeignReader()
  private readonly path: string

  constructor(path: string) {
    this.path = path
  }

  doctype(doctype: XmlDoctype): void {
    this.doctypeRead = doctype
    this.doctypePlace = this.findings.places.at(doctype.offset)
  }

  startElement(name: string, attributes: XmlAttributes, offset: number): void {
    if (this.kind === null) this.begin(name, attributes, offset)
    this.body.startElement(name, attributes, offset)
  }

  endElement(): void {
    this.body.endElement()
  }

  text(decode: () => string, offset: number): void {
    this.body.text(decode, offset)
  }

  processingInstruction(target: string, decode: () => string, offset: number): void {
    if (this.body instanceof SvgReader) this.body.processingInstruction(target, decode, offset)
  }

  skippedEntity(name: string, offset: number): void {
    this.findings.observeOnce('skipped-entity', name, null, offset)
  }

  entityDeclared(kind: 'external' | 'unparsed' | 'parameter', name: string, offset: number): void {
    const observed = kind === 'external' ? 'external-entity-declared' : kind === 'unparsed' ? 'unparsed-entity-declared' : null
    this.findings.observeOnce(observed ?? 'parameter-entity-declared', name, '', offset)
  }

  unboundPrefix(prefix: string, offset: number): void {
    this.findings.observeOnce('unbound-prefix', prefix, '', offset)
  }

  private begin(name: string, attributes: XmlAttributes, offset: number): void {
    this.rootElement = name
    this.kind = rootKindOf(this.path, name, attributes, this.doctypeRead)
    switch (this.kind) {
      case 'topic':
      case 'map':
      case 'untyped':
        this.body = new DitaReader(this.findings)
        this.observeGrammar(name, offset)
        break
      case 'ditaval':
        this.body = new DitavalReader(this.findings)
        break
      case 'svg':
        this.body = new SvgReader(this.findings)
        break
      case 'html':
        if (promisesDita(this.path)) throw new NotDita()
        break
      case 'foreign':
        break
      default:
        this.kind satisfies never
    }
  }

  private observeGrammar(name: string, offset: number): void {
    const { doctypeRead, doctypePlace } = this
    if (this.kind === 'untyped') this.findings.observe('unknown-root', name, '', offset)
    if (doctypeRead === null || isKnownDoctype(doctypeRead.publicId, doctypeRead.systemId)) return
    // A DOCTYPE with nothing but an internal subset names no grammar.
    const identifier = doctypeRead.publicId || doctypeRead.systemId
    if (identifier) this.findings.observe('unknown-doctype', identifier, '', doctypePlace!)
  }
}
