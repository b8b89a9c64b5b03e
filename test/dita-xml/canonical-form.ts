import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { scanXml } from '../../src/dita/xml/scan.ts'

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (character) => escapes[character]!)
}

/** The form in which the W3C suite gives the expected output of its valid documents: no prolog, no comments, sorted attributes, all escaped. */
export function canonicalForm(bytes: Uint8Array): string {
  let form = ''
  scanXml(
    openXmlSource(bytes),
    {
      startElement(name, attributes) {
        const shown: [string, string][] = []
        for (let i = 0; i < attributes.count; i++) shown.push([attributes.name(i), attributes.value(i)])
        shown.sort(([a], [b]) => (a < b ? -1 : 1))
        form += `<${name}${shown.map(([key, value]) => ` ${key}="${escaped(value)}"`).join('')}>`
      },
      endElement(name) {
        form += `</${name}>`
      },
      text(decode) {
        form += escaped(decode())
      },
      processingInstruction(target, decode) {
        form += `<?${target} ${decode()}?>`
      },
    },
    { externalEntities: 'skip' },
  )
  return form
}
