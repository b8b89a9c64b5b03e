import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { locateJsonError } from '../../src/http/input/locate-json-error.ts'

/** Where V8 says that the text breaks off, where it says so at all. */
function placeByParser(text: string): number | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    const { message } = error as Error
    if (/end of JSON input/.test(message)) return text.length
    const position = /at position (\d+)/.exec(message)
    return position ? Number(position[1]) : null
  }
}

describe('locateJsonError', () => {
  it.each([
    ['{"a":x}', 5],
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['[,1]', 1],
    ['{a:1}', 1],
    ['{"a" 1}', 5],
    ['{"a":1 "b":2}', 7],
    ['{"a":1]', 6],
    ['[1}', 2],
    ['[1] 2', 4],
    ['{}}', 2],
    ['{"a":"x\n"}', 7],
    ['{"a":"\\x"}', 7],
    ['{"a":"\\u12"}', 10],
    ['[01]', 1],
    ['[1.]', 1],
    ['[tru]', 1],
    ["{'a':1}", 1],
    ['{"a":', 5],
    ['["a', 3],
    ['', 0],
    [',', 0],
    ['"a" "b"', 4],
  ])('%j: %i', (text, offset) => {
    expect(locateJsonError(text)).toBe(offset)
  })

  it('finds nothing wrong in JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(3), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), null, indent)
        expect(locateJsonError(written)).toBe(written.length)
      }),
    )
  })

  it('agrees with the parser about JSON that was cut, as far as that tells the place', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        const cut = text.slice(0, at % (text.length + 1))
        const place = placeByParser(cut)
        if (place !== null) expect(locateJsonError(cut)).toBe(place)
      }),
    )
  })

  it('never points outside of the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0123truefalsn e+-.\n') }), (text) => {
        const offset = locateJsonError(text)
        expect(offset).toBeGreaterThanOrEqual(0)
        expect(offset).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 2000 },
    )
  })
})
