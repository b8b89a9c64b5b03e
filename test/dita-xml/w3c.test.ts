import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { XmlError } from '../../src/dita/xml/events.ts'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { scanXml } from '../../src/dita/xml/scan.ts'
import { canonicalForm } from './canonical-form.ts'
import { isFifthEdition, readSuite, type SuiteTest } from './w3c-suite.ts'

function codeOf(test: SuiteTest): string {
  try {
    scanXml(openXmlSource(readFileSync(test.file)), { startElement() {}, endElement() {} }, { externalEntities: 'skip' })
    return 'accepted'
  } catch (error) {
    if (error instanceof XmlError) return error.code
    throw error
  }
}

function idsWhere(tests: readonly SuiteTest[], isWrong: (code: string) => boolean): string[] {
  return tests.filter((test) => isWrong(codeOf(test))).map((test) => test.id)
}

describe('W3C XML conformance suite', () => {
  const suite = readSuite()
  const ours = suite.filter(isFifthEdition)

  test('is read completely', () => {
    expect(suite.length).toBe(2585)
    expect(ours.length).toBe(1950)
  })

  test('everything that is not well-formed by itself is refused', () => {
    const tests = ours.filter(({ type, entities }) => type === 'not-wf' && entities === 'none')
    expect(tests.length).toBe(927)
    expect(idsWhere(tests, (code) => code === 'accepted')).toEqual([])
    console.info(`W3C suite: ${tests.length} of ${tests.length} documents refused that are not well-formed`)
  })

  test('everything well-formed is accepted, valid or not', () => {
    const tests = ours.filter(({ type }) => type === 'valid' || type === 'invalid')
    expect(tests.length).toBe(933)
    expect(idsWhere(tests, (code) => code !== 'accepted')).toEqual([])
    console.info(`W3C suite: ${tests.length} of ${tests.length} well-formed documents accepted`)
  })

  test('well-formed documents give the output that the suite expects', () => {
    const tests = ours.filter(({ type, entities, output }) => type === 'valid' && entities === 'none' && output !== undefined)
    // Eleven outputs begin with the notations of the document, which the scanner does not tell.
    const comparable = tests.filter((test) => !readFileSync(test.output!, 'utf8').includes('<!NOTATION'))
    const different = comparable.filter((test) => canonicalForm(readFileSync(test.file)) !== readFileSync(test.output!, 'utf8'))
    expect(tests.length).toBe(228)
    expect(comparable.length).toBe(217)
    expect(different.map((test) => test.id)).toEqual([])
  })

  test('the tests of other standards end in a verdict, too', () => {
    const rest = suite.filter((test) => !isFifthEdition(test))
    expect(rest.length).toBe(635)
    expect(() => rest.map(codeOf)).not.toThrow()
  })
})
