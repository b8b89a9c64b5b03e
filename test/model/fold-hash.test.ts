import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldHash, foldKey } from '../../src/model/fold-hash.ts'

describe('foldHash', () => {
  it('never changes: it is stored', () => {
    expect([foldHash('/'), foldHash('/content/dam/a.dita'), foldHash('/content/dam/\u00e9.dita')]).toMatchInlineSnapshot(`
      [
        2024282643164036,
        3695773962283422,
        4024623008730631,
      ]
    `)
  })

  it('is equal for spellings that differ in letter case or Unicode form', () => {
    expect(foldHash('/A/Caf\u00c9.dita')).toBe(foldHash('/a/cafe\u0301.DITA'))
  })

  it('is a safe integer that follows the fold key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Number.isSafeInteger(foldHash(a))).toBe(true)
        expect(foldHash(a) === foldHash(b)).toBe(foldKey(a) === foldKey(b))
      }),
    )
  })

  it('spreads a million similar paths without a collision', () => {
    const hashes = new Set(
      Array.from({ length: 1_000_000 }, (_, index) => foldHash(`/content/dam/manual-${index % 100}/topics/t_${index}.dita`)),
    )
    expect(hashes.size).toBe(1_000_000)
  })
})
