import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { covers } from '../../src/model/asset-path.ts'
import { compareBytewise, subtractPaths } from '../../src/model/path-ranges.ts'

// Names that sort before, between and after `/` (0x2f) and `0` (0x30), and on both sides of the surrogates.
const segment = fc.constantFrom('a', 'b', 'ab', 'a b', 'a+', 'a-b', 'a.dita', 'a0', '!', '~', 'é', 'e\u0301', '\ufb01', '😀', ',')
const path = fc.array(segment, { minLength: 0, maxLength: 4 }).map((segments) => `/${segments.join('/')}`)

function selected(candidate: string, included: string[], excluded: string[]): boolean {
  return included.some((folder) => covers(folder, candidate)) && !excluded.some((folder) => covers(folder, candidate))
}

describe('subtractPaths', () => {
  it('selects what the naive rule selects', () => {
    fc.assert(
      fc.property(
        fc.array(path, { maxLength: 8 }),
        fc.array(path, { maxLength: 8 }),
        fc.array(path, { maxLength: 30 }),
        (included, excluded, candidates) => {
          const ranges = subtractPaths(included, excluded)
          for (const candidate of [...candidates, ...included, ...excluded]) {
            const inRange = ranges.some(({ lo, hi }) => compareBytewise(lo, candidate) <= 0 && compareBytewise(candidate, hi) < 0)
            expect({ candidate, in: inRange }).toEqual({ candidate, in: selected(candidate, included, excluded) })
          }
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('gives sorted ranges that do not overlap', () => {
    fc.assert(
      fc.property(fc.array(path), fc.array(path), (included, excluded) => {
        const ranges = subtractPaths(included, excluded)
        for (const [index, range] of ranges.entries()) {
          expect(compareBytewise(range.lo, range.hi)).toBeLessThan(0)
          if (index > 0) expect(compareBytewise(ranges[index - 1]!.hi, range.lo)).toBeLessThanOrEqual(0)
        }
      }),
    )
  })

  it('stays fast with the largest request allowed', () => {
    const included = Array.from({ length: 10_000 }, (_, index) => `/content/dam/f${index}`)
    const excluded = Array.from({ length: 10_000 }, (_, index) => `/content/dam/f${index % 100}/x${index}`)
    // A quadratic way would compare 10^8 pairs; this makes two ranges a path and two more a hole, but where holes touch.
    expect(subtractPaths(included, excluded)).toHaveLength(39_991)
  })
})

describe('compareBytewise', () => {
  it('orders as the UTF-8 bytes do', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((s) => s.isWellFormed()),
        fc.string({ unit: 'binary' }).filter((s) => s.isWellFormed()),
        (a, b) => {
          expect(Math.sign(compareBytewise(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))))
        },
      ),
    )
  })
})
