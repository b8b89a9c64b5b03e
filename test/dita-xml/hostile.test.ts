import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { verdictOf } from './scan-of.ts'

interface Expectation {
  readonly accept: readonly string[]
  readonly codes: readonly string[]
}

const folder = new URL('../fixtures/hostile/', import.meta.url)
const expectations: Record<string, Expectation> = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')).files

const present = new Set(readdirSync(folder))

/** Codes that the scanner gives; the other reasons of the list are found by later steps. */
const scannerCodes = new Set([
  'EMPTY_FILE',
  'NOT_WELL_FORMED',
  'INVALID_ENCODING',
  'UNSUPPORTED_ENCODING',
  'INVALID_CHARACTER',
  'XML_VERSION',
  'EXTERNAL_ENTITY',
  'ENTITY_EXPANSION_LIMIT',
  'ENTITY_RECURSION',
])

const isXml = (name: string) => /\.(dita|ditamap|ditaval|xml)$/i.test(name)

function select(isWanted: (expectation: Expectation) => boolean): [string, Expectation][] {
  return Object.entries(expectations).filter(([name, expectation]) => present.has(name) && isXml(name) && isWanted(expectation))
}

describe('hostile files', () => {
  const fatal = select(
    ({ accept, codes }) => accept.length === 1 && accept[0] === 'FAILURE' && codes.some((code) => scannerCodes.has(code)),
  )
  const harmless = select(({ accept }) => !accept.includes('FAILURE'))

  test('are enough to mean something', () => {
    expect(fatal.length).toBeGreaterThan(15)
    expect(harmless.length).toBeGreaterThan(80)
  })

  test.each(fatal)('%s is refused for a reason of the list', (name, { codes }) => {
    expect(codes).toContain(verdictOf(readFileSync(new URL(name, folder))))
  })

  test.each(harmless)('%s is read', (name) => {
    expect(verdictOf(readFileSync(new URL(name, folder)))).toBe('accepted')
  })
})
