import { describe, expect, test } from 'vitest'
import { findLoops, structuralTargets } from '../../src/dita/resolve/loops.ts'
import { readSource, topic } from './read-source.ts'

/** Findings as `file reference-number code`. */
function loops(files: Readonly<Record<string, string>>): string[] {
  const assets = Object.entries(files).map(([name, source]) => readSource(source, name))
  return findLoops(assets).map(({ path, reference, code }) => `${path.slice('/content/dam/'.length)} ${reference} ${code}`)
}

describe('content', () => {
  test.each([
    ['pulls itself', '<p id="a" conref="#t/a"/>', ['a.dita 0 CONREF_LOOP']],
    ['pulls its ancestor', '<section id="s"><p/><section conref="#t/s"/></section>', ['a.dita 0 CONREF_LOOP']],
    ['pulls its topic', '<p conref="#t"/>', ['a.dita 0 CONREF_LOOP']],
    ['pulls a sibling', '<p id="a"/><p conref="#t/a"/>', []],
    ['pulls what is inside of itself', '<p id="a" conref="#t/b"><ph id="b"/></p>', []],
    ['pushes', '<p id="a" conref="#t/a" conaction="pushreplace"/>', []],
    [
      'pulls two that pull one another',
      '<p conref="#t/a"/><p id="a" conref="#t/b"/><p id="b" conref="#t/a"/>',
      ['a.dita 1 CONREF_LOOP', 'a.dita 2 CONREF_LOOP'],
    ],
  ])('an element that %s', (_, body, expected) => expect(loops({ 'a.dita': topic(body) })).toEqual(expected))

  test('files may pull from one another as long as elements do not', () => {
    expect(
      loops({
        'a.dita': topic('<p id="x"/><p conref="b.dita#t/y"/>'),
        'b.dita': topic('<p id="y"/><p conref="a.dita#t/x"/>'),
      }),
    ).toEqual([])
    expect(loops({ 'a.dita': topic('<p id="x" conref="b.dita#t/x"/>'), 'b.dita': topic('<p id="x" conref="a.dita#t/x"/>') })).toEqual([
      'a.dita 0 CONREF_LOOP',
      'b.dita 0 CONREF_LOOP',
    ])
  })

  test('a loop may lead through any number of files and containers', () => {
    const files = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [
        `${index}.dita`,
        topic(`<section id="s"><p><ph conref="${(index + 1) % 50}.dita#t/s"/></p></section>`),
      ]),
    )
    expect(loops(files)).toHaveLength(50)
  })

  test('chains of 20,000 and 2^40 expansions are no loops and no recursion', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => `<p id="p${index}" conref="#t/p${index + 1}"/>`).join('')
    expect(loops({ 'a.dita': topic(`${chain}<p id="p20000"/>`) })).toEqual([])
    const doubling = Array.from({ length: 40 }, (_, i) => `<p id="p${i}"><ph conref="#t/p${i + 1}"/><ph conref="#t/p${i + 1}"/></p>`).join(
      '',
    )
    expect(loops({ 'a.dita': topic(`${doubling}<p id="p40"/>`) })).toEqual([])
    expect(loops({ 'a.dita': topic(`${chain}<p id="p20000" conref="#t/p0"/>`) })).toHaveLength(20_001)
  })

  test('the round is told, and long ones are cut', () => {
    const files = { 'a.dita': topic('<p id="x" conref="b.dita#t/x"/>'), 'b.dita': topic('<p id="x" conref="a.dita#t/x"/>') }
    const [first] = findLoops(Object.entries(files).map(([name, source]) => readSource(source, name)))
    expect(first!.detail).toBe('a.dita line 1 (p to b.dita#t/x) → b.dita line 1 (p to a.dita#t/x) → a.dita line 1 (p to b.dita#t/x)')
  })
})

describe('maps', () => {
  const includes = (...names: string[]) => `<map><title>M</title>${names.map((name) => `<mapref href="${name}"/>`).join('')}</map>`

  test('that include one another', () => {
    expect(loops({ 'a.ditamap': includes('b.ditamap'), 'b.ditamap': includes('a.ditamap', 'c.ditamap'), 'c.ditamap': includes() })).toEqual(
      ['a.ditamap 0 MAP_LOOP', 'b.ditamap 0 MAP_LOOP'],
    )
  })

  test('that are included twice, or ten times on each of 30 levels', () => {
    expect(loops({ 'a.ditamap': includes('c.ditamap', 'b.ditamap'), 'b.ditamap': includes('c.ditamap'), 'c.ditamap': includes() })).toEqual(
      [],
    )
    const levels = Array.from({ length: 30 }, (_, index) => [`${index}.ditamap`, includes(...Array(10).fill(`${index + 1}.ditamap`))])
    expect(loops(Object.fromEntries(levels))).toEqual([])
  })

  test('that repeat a branch of their own', () => {
    const branch = (inside: string) => `<map><topicref id="b">${inside}</topicref><topicref href="#b" format="ditamap"/></map>`
    expect(loops({ 'a.ditamap': branch('') })).toEqual([])
    expect(loops({ 'a.ditamap': branch('<topicref href="#b" format="ditamap"/>') })).toEqual(['a.ditamap 0 MAP_LOOP'])
  })

  test('anchorref goes against the direction, and peers are not followed', () => {
    const a = '<map><anchor id="x"/><mapref href="b.ditamap"/></map>'
    expect(loops({ 'a.ditamap': a, 'b.ditamap': '<map><anchorref href="a.ditamap#x"/></map>' })).toEqual([])
    expect(loops({ 'a.ditamap': a, 'b.ditamap': '<map><mapref href="a.ditamap" scope="peer"/></map>' })).toEqual([])
  })
})

test('structural targets are what has to be known to follow loops', () => {
  const asset = readSource(
    '<map><mapref href="M.ditamap"/><topicref href="t.dita"/><topicref conref="c.ditamap#x"/><topicref conref="#y"/><mapref href="http://x/m.ditamap"/></map>',
    'a.ditamap',
  )
  expect(structuralTargets(asset)).toEqual(['/content/dam/m.ditamap', '/content/dam/c.ditamap'])
})
