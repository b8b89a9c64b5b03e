import { schemeOf } from '../resolve/uri.ts'
import type { XmlAttributes, XmlHandler } from '../xml/events.ts'
import type { Findings } from './findings.ts'

const activeElements: ReadonlySet<string> = new Set(['script', 'handler', 'foreignObject'])
const scriptSchemes: ReadonlySet<string> = new Set(['javascript', 'vbscript', 'livescript'])
/** Elements whose href is followed when the picture is shown; that of `a` only when it is clicked. */
const loadingElements: ReadonlySet<string> = new Set(['image', 'feImage', 'use', 'script', 'style', 'link', 'iframe', 'audio', 'video'])

/** Reads an SVG picture: its size, and whatever would act when a browser shows it. */
export class SvgReader implements XmlHandler {
  elementCount = 0
  dimensions: { width: number; height: number } | null = null
  private readonly findings: Findings

  constructor(findings: Findings) {
    this.findings = findings
  }

  startElement(name: string, attributes: XmlAttributes, offset: number): void {
    this.elementCount++
    if (this.elementCount === 1) this.dimensions = sizeOf(attributes)
    const local = name.slice(name.indexOf(':') + 1)
    if (activeElements.has(local)) this.findings.observe('active-script', name, '', offset)
    for (let index = 0; index < attributes.count; index++) this.readAttribute(name, local, attributes, index)
  }

  endElement(): void {}

  processingInstruction(target: string, decode: () => string, offset: number): void {
    if (target === 'xml-stylesheet' && /href\s*=\s*["']?\s*(?:https?:)?\/\//i.test(decode())) {
      this.findings.observe('remote-content', decode(), target, offset)
    }
  }

  text(decode: () => string, offset: number): void {
    const text = decode()
    if (/(?:@import|url\s*\()\s*["']?\s*(?:https?:)?\/\//i.test(text)) {
      this.findings.observe('remote-content', text, 'style', offset)
    }
  }

  private readAttribute(element: string, local: string, attributes: XmlAttributes, index: number): void {
    const name = attributes.name(index)
    if (name.startsWith('on') && name.length > 2) {
      this.findings.observe('active-handler', name, element, attributes.offset(index))
      return
    }
    const isHref = name === 'href' || name.endsWith(':href') || name === 'src'
    if (!isHref && name !== 'style') return
    const value = attributes.value(index).trim()
    const scheme = isHref ? schemeOf(value) : null
    const place = () => this.findings.places.at(attributes.offset(index))
    if (scheme !== null && scriptSchemes.has(scheme)) this.findings.observe('active-uri', value, element, place())
    else if (isHref && loadingElements.has(local) && /^(?:https?:)?\/\//i.test(value)) {
      this.findings.observe('remote-content', value, element, place())
    } else if (!isHref && /url\s*\(\s*["']?\s*(?:https?:)?\/\//i.test(value))
      this.findings.observe('remote-content', value, element, place())
  }
}

/** Width and height in pixels, else the size of the view box (SVG 2, 8.2 and 8.6); `null` where neither says. */
function sizeOf(attributes: XmlAttributes): { width: number; height: number } | null {
  const width = pixelsOf(attributes.get('width'))
  const height = pixelsOf(attributes.get('height'))
  if (width !== null && height !== null) return { width, height }
  const box = (attributes.get('viewBox') ?? '').split(/[\s,]+/).map(Number)
  const [, , boxWidth, boxHeight] = box
  if (boxWidth === undefined || boxHeight === undefined || !(boxWidth > 0) || !(boxHeight > 0)) return null
  return { width: Math.round(boxWidth), height: Math.round(boxHeight) }
}

/** CSS pixels per unit (CSS Values 4, 6.2). */
const pixelsPerUnit: Readonly<Record<string, number>> = { '': 1, px: 1, pt: 4 / 3, pc: 16, in: 96, cm: 96 / 2.54, mm: 96 / 25.4 }

function pixelsOf(length: string | undefined): number | null {
  const match = /^\s*\+?(\d{0,9}\.?\d{0,9})\s*([a-z]{0,2})\s*$/i.exec(length ?? '')
  const factor = match === null ? undefined : pixelsPerUnit[match[2]!.toLowerCase()]
  const number = match === null ? 0 : Number(match[1])
  return factor === undefined || !(number > 0) ? null : Math.round(number * factor)
}
