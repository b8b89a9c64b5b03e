import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { covers, InvalidPathError, parentOf, parseAssetPath, parseExactPath, parseNewPath, pathKey } from '../../src/model/asset-path.ts'

describe('parseAssetPath', () => {
  it.each([
    ['/content/dam/a', '/content/dam/a'],
    ['content/dam/a', '/content/dam/a'],
    ['  /content/dam/a/ ', '/content/dam/a'],
    ['//content///dam//a//', '/content/dam/a'],
    ['/', '/'],
    ['/content/dam/a,b;c+d@e [1] 100%.dita', '/content/dam/a,b;c+d@e [1] 100%.dita'],
    ['/content/dam/%2e%2e/a', '/content/dam/%2e%2e/a'],
    ['/content/dam/...', '/content/dam/...'],
  ])('%j becomes %j', (raw, expected) => {
    expect(parseAssetPath(raw)).toBe(expected)
  })

  it.each([
    '',
    '   ',
    '/a/../b',
    '/a/./b',
    '..',
    '/a\u0000b',
    '/a\nb',
    '/a\u007f',
    '/a\u0085',
    '/a\ud800',
    `/${'x'.repeat(256)}`,
    '/abc'.repeat(600),
  ])('%j is refused', (raw) => {
    expect(() => parseAssetPath(raw)).toThrow(InvalidPathError)
  })

  it('is idempotent, and its paths have no empty, dot or dot-dot segment', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fc.constantFrom('/', '//', '.', '..', 'a', 'é', ' ', '%2e', '\u0000')).map((parts) => parts.join('')),
        ),
        (raw) => {
          let path: string
          try {
            path = parseAssetPath(raw)
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidPathError)
            return
          }
          expect(parseAssetPath(path)).toBe(path)
          expect(path.startsWith('/')).toBe(true)
          if (path !== '/') for (const segment of path.slice(1).split('/')) expect(['', '.', '..']).not.toContain(segment)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('paths of what is stored', () => {
  it('keep their blanks, which nothing new may begin or end with', () => {
    expect(parseExactPath('/a/x.dita ')).toBe('/a/x.dita ')
    expect(parseNewPath('a//x y.dita/')).toBe('/a/x y.dita')
    for (const path of ['/a/x.dita ', '/a/ x.dita', '/a /x.dita', ' /a/x.dita', '/a/ ']) {
      expect(() => parseNewPath(path), path).toThrow(/blank/)
    }
  })
})

describe('covers', () => {
  it('goes by whole segments', () => {
    expect(covers('/content/dam/a', '/content/dam/a')).toBe(true)
    expect(covers('/content/dam/a', '/content/dam/a/b')).toBe(true)
    expect(covers('/content/dam/a', '/content/dam/ab')).toBe(false)
    expect(covers('/', '/content')).toBe(true)
  })
})

describe('pathKey', () => {
  it('is equal for NFC and NFD forms only', () => {
    expect(pathKey('/caf\u00e9')).toBe(pathKey('/cafe\u0301'))
    expect(pathKey('/cafe')).not.toBe(pathKey('/caf\u00e9'))
  })
})

describe('parentOf', () => {
  it('ends at the root', () => {
    expect([parentOf(parseAssetPath('/a/b')), parentOf(parseAssetPath('/a')), parentOf(parseAssetPath('/'))]).toEqual(['/a', '/', '/'])
  })
})
