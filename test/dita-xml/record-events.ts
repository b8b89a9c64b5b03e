import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { type ScanOptions, scanXml } from '../../src/dita/xml/scan.ts'

/** The events of a scan as lines that compare with those of another parser: text in one piece, attributes by name, no skipped entities. */
export function recordEvents(bytes: Uint8Array, options: ScanOptions = {}): string[] {
  const events: string[] = []
  let text = ''
  function add(event: string): void {
    if (text !== '') events.push(`text ${text}`)
    text = ''
    events.push(event)
  }
  const handler = {
    startElement(name: string, attributes: { count: number; name(i: number): string; value(i: number): string }): void {
      const shown: string[] = []
      for (let i = 0; i < attributes.count; i++) shown.push(`${attributes.name(i)}=${attributes.value(i)}`)
      add(['start', name, ...shown.sort()].join(' '))
    },
    endElement: (name: string) => add(`end ${name}`),
    text: (decode: () => string) => {
      text += decode()
    },
    comment: (decode: () => string) => add(`comment ${decode()}`),
    processingInstruction: (target: string, decode: () => string) => add(`instruction ${target} ${decode()}`),
  }
  scanXml(openXmlSource(bytes), handler, options)
  return events
}
