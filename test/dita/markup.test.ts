import { describe, expect, test } from 'vitest'
import { readDocument } from '../../src/dita/read-document.ts'
import { observed, readSource } from './read-source.ts'

const references = (source: string, name: string) =>
  readSource(source, name).references.map(({ element, attribute, value, line, use, format }) =>
    [element, attribute, value, line, use, format].join(' ').trim(),
  )

describe('Markdown', () => {
  test('has links, pictures, reference links, links in tables and lists, and HTML', () => {
    const source = [
      '# Title',
      '',
      'See [a](a.dita),',
      'and ![i](i.png "t") and [b][r].',
      '',
      '| x | [c](c.md#d) |',
      '|---|---|',
      '| 1 | <a href="e.html">e</a> |',
      '',
      '- [f](http://f)',
      '',
      '<div>',
      '<img src="g.png">',
      '</div>',
      '',
      '`[no](no.md)` \\[no\\](no.md)',
      '',
      '    [no](no.md)',
      '',
      '[r]: r.md',
    ].join('\n')
    expect(references(source, 'x.md')).toEqual([
      'a href a.dita 3 link dita',
      'img src i.png 4 image png',
      'a href r.md 4 link md',
      'a href c.md#d 6 link md',
      'a href e.html 8 link html',
      'a href http://f 10 link html',
      'img src g.png 13 image png',
    ])
  })

  test('brackets are keys in MDITA only', () => {
    const source = '# T\n\nUse [product] and [text][other], not [x] or [1] or [link](a.md).\n'
    expect(references(source, 'x.mdita')).toEqual(['a keyref product 3 key', 'a keyref other 3 key', 'a href a.md 3 link md'])
    expect(references(source, 'x.md')).toEqual(['a href a.md 3 link md'])
    expect(references(`---\nid: x\n---\n${source}`, 'x.md')).toHaveLength(3)
  })

  test('front matter gives metadata, id and title, headings give ids', () => {
    const reading = readSource(
      '---\nid: own\nauthor: [Ann, Bob]\nnested: {a: 1}\n---\n# First *one*\n\nShort.\n\n## Second {#two}\n',
      'x.md',
    )
    expect(reading).toMatchObject({ type: 'MARKDOWN', syntax: 'markdown', title: 'First one', shortDescription: 'Short.' })
    expect(reading.topics).toMatchObject([{ id: 'own', title: 'First one', place: { line: 6 } }])
    expect(reading.metadata.map(({ name, value }) => `${name}=${value}`)).toEqual(['id=own', 'author=Ann', 'author=Bob', 'nested.a=1'])
    expect(reading.targets.elements.map(({ id }) => id)).toEqual(['first-one', 'two'])
    expect(reading.targets.root).toBe('other')
  })

  test('without front matter the id comes from the heading, and broken front matter is observed', () => {
    expect(readSource('# Über das Haus!\n', 'x.md').topics[0]!.id).toBe('über-das-haus')
    expect(observed(readSource('---\na: [\n---\n# T\n', 'x.md'))[0]).toMatch(/^front-matter-invalid /)
    expect(observed(readSource(`---\na: &x [y]\nb: [${'*x,'.repeat(200)}]\n---\n`, 'x.md'))[0]).toMatch(
      /^front-matter-invalid Excessive alias count/,
    )
  })
})

describe('HTML', () => {
  test('has links, media, content references and keys', () => {
    const source =
      '<!DOCTYPE html><title>Page</title>\n<article id="t"><h1>Top</h1><a href="a.dita#x">a</a>\n<img src=b.png><video src="c.mp4"><source src="d"></video>' +
      '<p data-conref="e.html#f/g" data-keyref="k">\n<a href="#here">h</a></article>'
    expect(references(source, 'x.html')).toEqual([
      'a href a.dita#x 2 link dita',
      'img src b.png 3 image png',
      'video src c.mp4 3 image mp4',
      'source src d 3 image',
      'p data-conref e.html#f/g 3 content html',
      'p data-keyref k 3 key',
      'a href #here 4 link html',
    ])
    expect(readSource(source, 'x.html')).toMatchObject({ type: 'HTML/CSS', title: 'Top', topics: [{ id: 't', title: 'Top' }] })
    expect(readSource('<title>Page</title>', 'x.htm').title).toBe('Page')
  })

  test('is decoded as it says of itself', () => {
    const { reading } = readDocument(
      '/content/dam/x.html',
      Buffer.from('<meta charset="iso-8859-1"><title>Gr\u00fc\u00dfe</title>', 'latin1'),
    )
    expect(reading).toMatchObject({ title: 'Grüße', encoding: 'windows-1252' })
  })
})

describe('hostile markup', () => {
  test.each([
    ['x.html', '<div>'.repeat(5000), 'LIMIT_DEPTH'],
    ['x.md', '<div>'.repeat(5000), 'LIMIT_DEPTH'],
    ['x.md', ' \n\t', 'EMPTY_FILE'],
    ['x.html', '', 'EMPTY_FILE'],
    ['x.md', 'a'.repeat(9 * 1024 * 1024), 'LIMIT_FILE_SIZE'],
  ])('%s is refused', (name, source, code) => {
    expect(readDocument(`/content/dam/${name}`, Buffer.from(source)).failure?.code).toBe(code)
  })

  test.each(['[', '![', '[a](', '>', '- ', '*a ', '**a *b ', '`', '<a ', '&a', 'a_'])('%s thousands of times is read', (pattern) => {
    expect(readDocument('/content/dam/x.md', Buffer.from(pattern.repeat(5000))).failure).toBeNull()
  })

  test('brackets of YAML nested beyond the stack are a finding', () => {
    expect(observed(readSource(`---\nx: ${'['.repeat(30_000)}\n---\n# T\n`, 'x.md'))[0]).toMatch(/^front-matter-invalid/)
  })
})
