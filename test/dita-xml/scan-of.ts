import { XmlError } from '../../src/dita/xml/events.ts'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { type ScanOptions, scanXml } from '../../src/dita/xml/scan.ts'

const silent = { startElement() {}, endElement() {} }

/** The error that ends the scan of a document, or `undefined`. */
export function errorOf(document: string | Uint8Array, options: ScanOptions = {}): XmlError | undefined {
  try {
    scanXml(openXmlSource(typeof document === 'string' ? Buffer.from(document) : document), silent, options)
  } catch (error) {
    if (error instanceof XmlError) return error
    throw error
  }
  return undefined
}

/** The code of that error, or `accepted`. */
export function verdictOf(document: string | Uint8Array, options: ScanOptions = {}): string {
  return errorOf(document, options)?.code ?? 'accepted'
}
