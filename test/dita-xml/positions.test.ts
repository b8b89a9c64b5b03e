import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { offsetsOf } from '../../src/dita/xml/source-position.ts'
import { errorOf } from './scan-of.ts'

/** Lines and columns counted the slow way: over all characters before the place. */
function placeOf(characters: readonly string[], index: number): { line: number; column: number } {
  let line = 1
  let column = 1
  for (let i = 0; i < index; i++) {
    const isEnd = characters[i] === '\n' || (characters[i] === '\r' && characters[i + 1] !== '\n')
    line += isEnd ? 1 : 0
    column = isEnd ? 1 : column + 1
  }
  return { line, column }
}

const character = fc.constantFrom('a', 'b', ' ', 'é', '漢', '😀', '\r', '\n', '\r\n')

describe('lines and columns', () => {
  test('equal a slow count, whatever the order of the questions', () => {
    fc.assert(
      fc.property(fc.array(character, { minLength: 1 }), fc.array(fc.nat()), (pieces, picks) => {
        const characters = [...`x${pieces.join('')}`]
        const source = openXmlSource(Buffer.from(characters.join('')))
        for (const pick of picks) {
          const index = pick % (characters.length + 1)
          const offset = Buffer.byteLength(characters.slice(0, index).join(''))
          expect(source.lineColumn(offset)).toEqual(placeOf(characters, index))
        }
      }),
    )
  })

  test('are found again in the bytes, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(character, { minLength: 1 }), fc.array(fc.nat()), (pieces, picks) => {
        const characters = [...`x${pieces.join('')}`]
        // The place of an LF is that of the CR before it: no text stands between them.
        const indices = picks
          .map((pick) => pick % (characters.length + 1))
          .filter((index) => characters.slice(index - 1, index + 1).join('') !== '\r\n')
        const bytes = Buffer.from(characters.join(''))
        const places = indices.map((index) => placeOf(characters, index))
        expect(offsetsOf(bytes, places)).toEqual(indices.map((index) => Buffer.byteLength(characters.slice(0, index).join(''))))
      }),
    )
  })

  test('that a text does not have are not found', () => {
    expect(
      offsetsOf(Buffer.from('ab\nc'), [
        { line: 1, column: 4 },
        { line: 2, column: 2 },
        { line: 3, column: 1 },
      ]),
    ).toEqual([null, 4, null])
  })

  test.each([
    ['LF', '<a>\n<b>\n  </c>', 3, 3],
    ['CRLF', '<a>\r\n<b>\r\n  </c>', 3, 3],
    ['CR', '<a>\r<b>\r  </c>', 3, 3],
    ['mixed line ends', '<a>\r\n\r\n\n\r<b></c>', 5, 4],
    ['emoji before it on the line', '<a>\n😀漢é<b></c>', 2, 7],
  ])('of an error with %s', (_, document, line, column) => {
    const source = openXmlSource(Buffer.from(document))
    expect(source.lineColumn(errorOf(document)!.offset)).toEqual({ line, column })
  })

  test('do not count a byte order mark', () => {
    const bytes = Buffer.from('\ufeff<a></b>')
    expect(openXmlSource(bytes).lineColumn(errorOf(bytes)!.offset)).toEqual({ line: 1, column: 4 })
  })

  test('are the same in UTF-16', () => {
    const bytes = Buffer.from('\ufeff<a>\r\n😀漢é<b></c>', 'utf16le')
    expect(openXmlSource(bytes).lineColumn(errorOf(bytes)!.offset)).toEqual({ line: 2, column: 7 })
  })
})

describe('excerpts', () => {
  const source = openXmlSource(Buffer.from(`<a>\r\n\t  the middle line 😀 here \r${'x'.repeat(50)}😀${'y'.repeat(50)}</a>`))

  test('are the line, trimmed', () => {
    expect(source.excerpt(12, 160)).toBe('the middle line 😀 here')
    expect(source.excerpt(0, 160)).toBe('<a>')
  })

  test('are cut around the place where the line is long', () => {
    const place = Buffer.from(`<a>\r\n\t  the middle line 😀 here \r${'x'.repeat(50)}`).length
    expect(source.excerpt(place, 10)).toBe('xxxxx😀yyyy')
    expect(source.excerpt(source.bytes.length, 6)).toBe('yy</a>')
  })

  test('never exceed their length nor split a character', () => {
    fc.assert(
      fc.property(fc.array(character), fc.nat(), fc.integer({ min: 1, max: 12 }), (pieces, pick, maximum) => {
        const characters = [...`x${pieces.join('')}`]
        const text = characters.join('')
        const offset = Buffer.byteLength(characters.slice(0, pick % (characters.length + 1)).join(''))
        const excerpt = openXmlSource(Buffer.from(text)).excerpt(offset, maximum)
        expect([...excerpt].length).toBeLessThanOrEqual(maximum)
        expect(excerpt).not.toMatch(/[\r\n\ufffd]/)
        expect(text).toContain(excerpt)
      }),
    )
  })
})
