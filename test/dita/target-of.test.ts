import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinPath, outsideRoot } from '../../src/dita/resolve/repository-path.ts'
import { targetOf } from '../../src/dita/resolve/target-of.ts'
import { readSource, topic } from './read-source.ts'

const source = '/content/dam/a/b/c.dita'

function target(value: string, attributes = '') {
  const escaped = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  return targetOf(readSource(topic(`<xref href="${escaped}" ${attributes}/>`)).references[0]!, source)
}

describe('where a reference leads', () => {
  test.each([
    ['d.dita', '/content/dam/a/b/d.dita', null],
    ['../d.dita#x', '/content/dam/a/d.dita', 'x'],
    ['./x/../d.dita', '/content/dam/a/b/d.dita', null],
    ['x//d.dita', '/content/dam/a/b/x/d.dita', null],
    ['#x/y', source, 'x/y'],
    ['d.dita?v=1#x', '/content/dam/a/b/d.dita', 'x'],
    ['a%20b%2Bc+d.dita', '/content/dam/a/b/a b+c+d.dita', null],
    ['caf%C3%A9.dita#%C3%A9', '/content/dam/a/b/café.dita', 'é'],
    ['café.dita', '/content/dam/a/b/café.dita', null],
    ['%252e%252e/d.dita', '/content/dam/a/b/%2e%2e/d.dita', null],
    ['../../', '/content/dam', null],
  ])('%s', (value, path, fragment) => {
    expect(target(value)).toEqual({ state: 'local', path, fragment })
  })
})

describe('what is wrong without looking', () => {
  test.each([
    ['', 'REF_EMPTY'],
    ['   ', 'REF_EMPTY'],
    ['a b.dita', 'REF_SYNTAX'],
    ['a\\b.dita', 'REF_SYNTAX'],
    ['%zz.dita', 'REF_SYNTAX'],
    ['%E9.dita', 'REF_SYNTAX'],
    ['a%00.dita', 'REF_SYNTAX'],
    ['a#b#c', 'REF_SYNTAX'],
    ['//host/a.dita', 'REF_SYNTAX'],
    ['C:\\a.dita', 'REF_SYNTAX'],
    ['C:/a.dita', 'REF_ABSOLUTE_PATH'],
    ['file:///etc/passwd', 'REF_ABSOLUTE_PATH'],
    ['/content/dam/a.dita', 'REF_ABSOLUTE_PATH'],
    ['../../../a.dita', 'REF_OUTSIDE_ROOT'],
    ['%2e%2e/%2e%2e/%2e%2e/a', 'REF_OUTSIDE_ROOT'],
    ['..%2f..%2f..%2fa', 'REF_OUTSIDE_ROOT'],
    ['../../../../../../../../etc/passwd', 'REF_OUTSIDE_ROOT'],
    ['javascript:alert(1)', 'REF_SCHEME'],
    ['ttps://a', 'REF_SCHEME'],
    ['data:text/html,x', 'REF_SCHEME'],
    ['data:image/png;base64,x', 'external'],
    ['http://me:secret@host/', 'REF_CREDENTIALS'],
    ['http://host/a:b@c', 'external'],
    ['tel:123', 'external'],
    ['d.dita#', 'REF_FRAGMENT_SYNTAX'],
    ['d.dita#a/b/c', 'REF_FRAGMENT_SYNTAX'],
    ['d.dita#/b', 'REF_FRAGMENT_SYNTAX'],
    ['d.dita#./b', 'REF_FRAGMENT_SYNTAX'],
    ['d.html#a/b/c', 'local'],
  ])('%s: %s', (value, state) => {
    expect(target(value).state).toBe(state)
  })

  test.each([
    ['http://a', 'scope="local"', 'REF_SCOPE'],
    ['ttps://a', 'scope="external"', 'external'],
    ['javascript:x', 'scope="external"', 'REF_SCHEME'],
    ['d.dita', 'scope="peer"', 'peer'],
    ['d.dita', 'scope="external"', 'external'],
    ['a b', 'scope="peer"', 'REF_SYNTAX'],
  ])('%s with %s: %s', (value, attributes, state) => {
    expect(target(value, attributes).state).toBe(state)
  })

  test('copy-to is a name that must stay inside', () => {
    const { references } = readSource('<map><topicref copy-to="x.dita"/><topicref copy-to="../../../../x"/></map>', 'a.ditamap')
    expect(references.map((reference) => targetOf(reference, source).state)).toEqual(['name', 'REF_OUTSIDE_ROOT'])
  })

  test('data of an object is relative to its codebase', () => {
    const { references } = readSource(topic('<object codebase="../media/x" data="film.swf"/><object codebase="http://x/" data="y"/>'))
    expect(references.filter(({ attribute }) => attribute === 'data').map((reference) => targetOf(reference, source))).toEqual([
      { state: 'local', path: '/content/dam/a/media/film.swf', fragment: null },
      { state: 'external', path: null, fragment: null },
    ])
  })
})

describe('any value', () => {
  test('never throws, and a path never leaves the repository', () => {
    const reference = readSource(topic('<xref href="x"/>')).references[0]!
    const piece = fc.constantFrom('..', '.', '/', '%2e%2e', '%2F', 'a', 'é', '%', '%zz', '#', '?', ':', '\\', ' ', 'http:', '\u0000')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (value) => {
          const { path } = targetOf({ ...reference, value }, source)
          if (path !== null) expect(path === '/content/dam' || path.startsWith('/content/dam/')).toBe(true)
          expect(path?.split('/').some((segment) => segment === '..' || segment === '.') ?? false).toBe(false)
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('joining agrees with the URL standard wherever that stays inside', () => {
    const segment = fc.constantFrom('..', '.', 'a', 'b.dita', 'c')
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 8 }), (segments) => {
        const relative = segments.join('/')
        const expected = new URL(relative, `http://x${source}`).pathname.replace(/\/$/, '')
        const climbs = segments.reduce(
          ([depth, lowest], name) => {
            const next = name === '..' ? depth! - 1 : name === '.' ? depth! : depth! + 1
            return [next, Math.min(lowest!, next)]
          },
          [4, 4],
        )[1]!
        const joined = joinPath(source, relative)
        if (joined === outsideRoot) expect(climbs < 0 || !`${expected}/`.startsWith('/content/dam/')).toBe(true)
        else expect(joined).toBe(expected)
      }),
    )
  })
})
