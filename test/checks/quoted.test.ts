import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskCredentials, quoted, tagWith } from '../../src/checks/quoted.ts'
import { maxShownValueCharacters } from '../../src/model/document-limits.ts'

/** Halves of pairs too: they cannot stand in a document, but nothing may depend on that. */
const characters = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code))

describe('quoted', () => {
  test('shows a value as it is', () => expect(quoted('caf\u00e9 \u{1f600}.dita')).toBe('“caf\u00e9 \u{1f600}.dita”'))
  test('spells out what would be invisible or turn the text round', () =>
    expect(quoted('a\u202egpj.\u0000\n')).toBe('“a\\u202egpj.\\u0000\\u000a”'))
  test('hides user names and passwords of addresses', () => {
    expect(tagWith('xref', 'href', 'https://ada:secret@example.com/a@b')).toBe('<xref href="https://***@example.com/a@b">')
  })

  test('hides a password that the cut would go through', () => {
    expect(quoted(`https://ada:${'s'.repeat(2 * maxShownValueCharacters)}@example.com`)).toBe('“https://***@example.com”')
  })

  test('cuts long values between characters, never inside one', () => {
    const shown = quoted('\u{1f600}'.repeat(maxShownValueCharacters))
    expect(shown.length).toBeLessThanOrEqual(maxShownValueCharacters + 2)
    expect(shown).toMatch(/\u{1f600}\u2026\u201d$/u)
  })

  test('is bounded, well-formed and on one line for every value', () => {
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 2 * maxShownValueCharacters }), (value) => {
        const shown = quoted(value)
        expect(shown.isWellFormed()).toBe(true)
        expect(shown.length).toBeLessThanOrEqual(6 * maxShownValueCharacters + 2)
        expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u)
      }),
    )
  })
})

describe('maskCredentials', () => {
  test.each([
    ['see ftp://ada@host/ and https://b:c@host/', 'see ftp://***@host/ and https://***@host/'],
    ['mail ada@example.com', 'mail ada@example.com'],
    ['https://example.com/@ada', 'https://example.com/@ada'],
    ['href="//ada:p@ss@host"', 'href="//***@ss@host"'],
  ])('%s', (text, masked) => expect(maskCredentials(text)).toBe(masked))

  test('takes linear work on hostile text', () => {
    expect(maskCredentials(`${'//'.repeat(500_000)}@`)).toHaveLength(1_000_004)
  })
})
