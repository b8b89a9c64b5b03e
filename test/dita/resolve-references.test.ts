import { describe, expect, test } from 'vitest'
import { type Candidate, resolveReferences } from '../../src/dita/resolve/resolve-references.ts'
import { readSource, resolveFirst, topic } from './read-source.ts'

const warehouse =
  '<topic id="w"><title>W</title><body><p id="p1"/><p id="p2"/><ul id="u"><li id="l1"/><li/><li id="l2"/></ul><note id="n"/>' +
  '</body><task id="k"><title>K</title><taskbody><steps><step id="s"><cmd id="c"/></step></steps></taskbody></task></topic>'

const states = (body: string, files: Readonly<Record<string, string>> = { 'w.dita': warehouse }, name = 'a.dita') =>
  resolveFirst({ [name]: name.endsWith('.ditamap') ? body : topic(body), ...files }).map(({ state }) => state)

describe('links', () => {
  test.each([
    ['w.dita', 'ok'],
    ['w.dita#w', 'ok'],
    ['w.dita#w/p1', 'ok'],
    ['w.dita#k/s', 'ok'],
    ['w.dita#w/s', 'REF_FRAGMENT_MISSING'],
    ['w.dita#nope', 'REF_FRAGMENT_MISSING'],
    ['w.dita#p1', 'REF_FRAGMENT_SYNTAX'],
    ['#t', 'ok'],
    ['#.', 'ok'],
    ['#./nope', 'REF_FRAGMENT_MISSING'],
    ['nope.dita', 'REF_TARGET_MISSING'],
    ['W.dita', 'REF_CASE_MISMATCH'],
  ])('%s: %s', (href, state) => expect(states(`<xref href="${href}"/>`)).toEqual([state]))

  test('an exact name is preferred to a similar one, and the near one is named', () => {
    const files = { 'w.dita': warehouse, 'W.dita': topic('') }
    expect(states('<xref href="w.dita#w"/><xref href="W.dita#t"/>', files)).toEqual(['ok', 'ok'])
    expect(resolveFirst({ 'a.dita': topic('<xref href="w.dita"/>'), 'W.dita': warehouse })[0]).toMatchObject({
      state: 'REF_CASE_MISMATCH',
      target: '/content/dam/w.dita',
      nearTarget: '/content/dam/W.dita',
    })
  })

  test('another Unicode form of the name is told from another case', () => {
    const files = { 'cafe\u0301.dita': topic('') }
    expect(states('<xref href="caf\u00e9.dita"/><xref href="CAF\u00c9.dita"/>', files)).toEqual(['REF_NORMALIZATION', 'REF_CASE_MISMATCH'])
  })

  test('"." is the topic around the reference', () => {
    const source =
      '<topic id="a"><title>A</title><body><p id="x"/></body><topic id="b"><title>B</title><body><p id="y"/><xref href="#./y"/>' +
      '<xref href="#./x"/></body></topic></topic>'
    expect(resolveFirst({ 'a.dita': source }).map(({ state }) => state)).toEqual(['ok', 'REF_FRAGMENT_MISSING'])
  })

  test('fragments of what is not DITA are left alone', () => {
    expect(
      states('<xref href="p.html#x" format="html"/><coderef href="w.dita#token=a,b"/>', { 'p.html': '<p>', 'w.dita': warehouse }),
    ).toEqual(['ok', 'ok'])
  })
})

describe('formats', () => {
  const map = '<map><title>M</title></map>'
  test.each([
    ['<topicref href="m.ditamap"/>', 'REF_FORMAT'],
    ['<topicref href="m.ditamap" format="ditamap"/>', 'ok'],
    ['<mapref href="m.ditamap"/>', 'ok'],
    ['<mapref href="w.dita"/>', 'REF_FORMAT'],
    ['<topicref href="w.dita" format="ditamap"/>', 'REF_FORMAT'],
    ['<topicref href="w.dita" format="html"/>', 'REF_FORMAT'],
    ['<topicref href="p.png" format="dita"/>', 'REF_FORMAT'],
    ['<topicref href="p.png"/>', 'ok'],
    ['<topicref href="f.xml"/>', 'REF_FORMAT'],
    ['<topicref href="w.dita#w/p1"/>', 'REF_FRAGMENT_SYNTAX'],
    ['<keydef keys="k" href="w.dita#w/p1"/>', 'ok'],
  ])('%s: %s', (markup, state) => {
    const files = { 'm.ditamap': map, 'w.dita': warehouse, 'p.png': 'x', 'f.xml': '<project/>' }
    expect(states(`<map>${markup}</map>`, files, 'a.ditamap')).toEqual([state])
  })

  test('a picture under any format is a picture', () => {
    expect(states('<image href="p.png" format="dita"/>', { 'p.png': 'x' })).toEqual(['ok'])
  })
})

describe('content references', () => {
  test.each([
    ['<p conref="w.dita#w/p1"/>', 'ok'],
    ['<p conref="w.dita#w/u"/>', 'CONREF_TYPE_MISMATCH'],
    ['<li conref="w.dita#k/s"/>', 'ok'],
    ['<ph conref="w.dita#k/c"/>', 'ok'],
    ['<step conref="w.dita#w/l1"/>', 'CONREF_TYPE_MISMATCH'],
    ['<p conref="w.dita"/>', 'CONREF_SYNTAX'],
    ['<p conref="w.dita#p1"/>', 'CONREF_SYNTAX'],
    ['<p conref="w.dita#w/nope"/>', 'CONREF_UNRESOLVED'],
    ['<p conref="nope.dita#w/p1"/>', 'CONREF_UNRESOLVED'],
    ['<p conref="p.png#a/b"/>', 'CONREF_UNRESOLVED'],
    ['<house conref="w.dita#w/p1"/>', 'ok'],
  ])('%s: %s', (markup, state) => expect(states(markup, { 'w.dita': warehouse, 'p.png': 'x' })).toEqual([state]))

  test.each([
    ['<li conref="w.dita#w/l1" conrefend="w.dita#w/l2"/>', ['ok', 'ok']],
    ['<li conrefend="w.dita#w/l2" conref="w.dita#w/l1"/>', ['ok', 'ok']],
    ['<li conref="w.dita#w/l1" conrefend="w.dita#w/l1"/>', ['ok', 'ok']],
    ['<li conref="w.dita#w/l2" conrefend="w.dita#w/l1"/>', ['ok', 'CONREF_RANGE']],
    ['<li conref="w.dita#w/l1" conrefend="w.dita#k/s"/>', ['ok', 'CONREF_RANGE']],
    ['<li conref="w.dita#w/l1" conrefend="w.dita#w/nope"/>', ['ok', 'CONREF_RANGE']],
    ['<li conref="w.dita#w/l1" conrefend="nope.dita#w/l2"/>', ['ok', 'CONREF_RANGE']],
    ['<li conkeyref="k/l1" conrefend="w.dita#w/l2"/>', ['key', 'key']],
  ])('%s: %j', (markup, expected) => {
    const found = states(markup).sort()
    expect(found).toEqual([...expected].sort())
  })

  test('a topic pulls a topic without fragment, and a map element is found by its id alone', () => {
    expect(resolveFirst({ 'a.dita': '<topic id="a" conref="w.dita"><title/></topic>', 'w.dita': warehouse })[0]!.state).toBe('ok')
    const maps = { 'a.ditamap': '<map><topicref conref="m.ditamap#x"/></map>', 'm.ditamap': '<map id="m"><topicref id="x"/></map>' }
    expect(resolveFirst(maps)[0]!.state).toBe('ok')
  })
})

describe('targets that are not known yet', () => {
  const source = readSource(topic('<xref href="b.dita"/><xref href="b.dita#b/x"/><image href="b.dita"/><p conref="b.dita#b/x"/>'))
  const resolve = (candidate: Partial<Candidate>) =>
    resolveReferences(source, () => [
      { path: '/content/dam/b.dita', type: 'DITATOPIC', known: true, failed: false, targets: null, ...candidate },
    ]).map(({ state }) => state)

  test('are waited for', () => expect(resolve({ known: false })).toEqual(['waiting', 'waiting', 'ok', 'waiting']))
  test('failed ones are there, but nothing can be pulled from them', () => {
    expect(resolve({ failed: true })).toEqual(['ok', 'ok', 'ok', 'CONREF_UNRESOLVED'])
  })
  test('ones whose table was not loaded are waited for where it matters', () => {
    expect(resolve({})).toEqual(['ok', 'waiting', 'ok', 'waiting'])
  })
})

test('each reference to another asset costs one look-up, however many there are', () => {
  const source = readSource(topic('<xref href="b.dita#b/x"/><xref href="#t"/>'.repeat(5000)))
  let lookups = 0
  resolveReferences(source, () => {
    lookups++
    return []
  })
  expect(lookups).toBe(5000)
})
