import { describe, expect, test } from 'vitest'
import { attributeDefaults } from '../../src/dita/tables/attribute-defaults.ts'
import { readSource, topic } from './read-source.ts'

const linking = (source: string) =>
  readSource(source, 'a.ditamap').references.map(({ value, scope, scopeGiven, format, formatGiven, resourceOnly, use }) => ({
    value,
    scope,
    scopeGiven,
    format,
    formatGiven,
    resourceOnly,
    use,
  }))

describe('defaults of the grammar', () => {
  test.each(Object.entries(attributeDefaults))('%s', (token, { format, resourceOnly }) => {
    const element = token.slice(token.indexOf('/') + 1)
    const [first] = linking(
      `<map><${element}${format === null ? '><topicref' : ''} href="x.abc"/>${format === null ? `</${element}>` : ''}</map>`,
    )
    if (format !== null) expect(first).toMatchObject({ format, formatGiven: true })
    if (resourceOnly) expect(first).toMatchObject({ resourceOnly: true })
  })
})

describe('the order of evidence (DITA 1.3, 2.4.4.5)', () => {
  test('what is written beats the default, the default beats what cascades', () => {
    const [written, defaulted, cascaded] = linking(
      '<map format="html"><mapref href="a" format="dita"/><mapref href="b"/><topicref href="c"/></map>',
    )
    expect(written).toMatchObject({ format: 'dita', use: 'link' })
    expect(defaulted).toMatchObject({ format: 'ditamap', use: 'map' })
    expect(cascaded).toMatchObject({ format: 'html', formatGiven: true })
  })

  test('scope and processing-role cascade through topicrefs and tables, and end with them', () => {
    const references = linking(
      '<map><topicref href="a" scope="peer" processing-role="resource-only"><topicgroup><topicref href="b"/></topicgroup>' +
        '<topicref href="c" scope="local" processing-role="normal"/></topicref><topicref href="d"/>' +
        '<reltable><relrow><relcell scope="external"><topicref href="e"/></relcell></relrow></reltable></map>',
    )
    expect(references.map(({ value, scope, resourceOnly }) => [value, scope, resourceOnly])).toEqual([
      ['a', 'peer', true],
      ['b', 'peer', true],
      ['c', 'local', false],
      ['d', 'local', false],
      ['e', 'external', false],
    ])
  })

  test('groups of related links give theirs to links, and a topicref none to its metadata', () => {
    const { references } = readSource(
      '<topic id="t"><title>T</title><related-links format="html"><linkpool scope="external"><link href="a"/></linkpool></related-links></topic>',
    )
    expect(references[0]).toMatchObject({ scope: 'external', scopeGiven: true, format: 'html', formatGiven: true })
    expect(linking('<map><mapref href="m" scope="peer"><topicmeta><author href="b"/></topicmeta></mapref></map>')[1]).toMatchObject({
      scope: 'local',
      format: 'dita',
    })
  })

  test('scope and format are about href, not about conref', () => {
    const { references } = readSource(topic('<xref href="http://x/" scope="external" format="html" conref="b.dita#b/c"/>'))
    expect(references[1]).toMatchObject({ attribute: 'conref', scope: 'local', format: 'dita', formatGiven: false })
  })
})

describe('without format', () => {
  test.each([
    ['x.dita', 'dita'],
    ['x.XML', 'dita'],
    ['x.xml?a=b.pdf#c.d', 'dita'],
    ['x', 'dita'],
    ['#t/a', 'dita'],
    ['../v1.2/x', 'dita'],
    ['x.PDF', 'pdf'],
    ['.hidden', 'dita'],
    ['http://www.example.com', 'html'],
    ['http://www.example.com/', 'html'],
    ['http://www.example.com/a', 'html'],
    ['https://www.example.com/a.pdf', 'pdf'],
    ['mailto:a', null],
  ])('%s is %s', (value, format) => {
    expect(readSource(topic(`<xref href="${value}"/>`)).references[0]).toMatchObject({ format, formatGiven: false })
  })

  test('a picture has the format of its extension, or none', () => {
    const { references } = readSource(topic('<image href="a.PNG"/><image href="b"/>'))
    expect(references.map(({ format }) => format)).toEqual(['png', null])
  })

  test('parameters of a written format are no part of it', () => {
    expect(readSource(topic('<coderef href="a.css" format=" CSS; charset=UTF-8"/>')).references[0]).toMatchObject({ format: 'css' })
  })
})

describe('without scope', () => {
  test.each([
    ['http://a', 'external'],
    ['HTTPS://a', 'external'],
    ['mailto:a@b', 'external'],
    ['ftp://a', 'external'],
    ['javascript:x', 'local'],
    ['a:b/c', 'local'],
    ['a.dita', 'local'],
  ])('%s is %s', (value, scope) => {
    expect(readSource(topic(`<xref href="${value}"/>`)).references[0]).toMatchObject({ scope, scopeGiven: false, oddScope: null })
  })

  test.each(['extenal', 'LOCAL', ''])('"%s" is no scope', (scope) => {
    expect(readSource(topic(`<xref href="a.dita" scope="${scope}"/>`)).references[0]).toMatchObject({ scope: 'local', oddScope: scope })
  })
})
