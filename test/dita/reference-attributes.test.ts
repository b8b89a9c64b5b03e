import { describe, expect, test } from 'vitest'
import { hrefUses, type ReferenceAttribute, referenceAttributes } from '../../src/dita/tables/reference-attributes.ts'
import { vocabulary } from '../../src/dita/tables/vocabulary.ts'
import { readSource } from './read-source.ts'

const elementOf = (token: string) => token.slice(token.indexOf('/') + 1)

/** Puts an element where a map or topic may have it; the reader does not ask for more. */
function around(element: string, attributes: string): string {
  if (element === 'map') return `<map ${attributes}/>`
  const isMapElement = vocabulary.some(([base, module, names]) => `${base} ${module}`.includes('map') && names.split(' ').includes(element))
  const markup = `<${element} ${attributes}/>`
  return isMapElement ? `<map><title>M</title>${markup}</map>` : `<topic id="t"><title>T</title><body>${markup}</body></topic>`
}

const elementsOf = ({ on }: ReferenceAttribute) => (on ?? ['topic/xref', 'topic/ph', 'map/topicref']).map(elementOf)

describe.each(referenceAttributes)('$attribute', (row) => {
  const { attribute, use } = row
  const elements = elementsOf(row)

  test.each(elements)('is recorded on %s', (element) => {
    const [reference, ...others] = readSource(around(element, `${attribute}="x.ext"`)).references
    expect(others).toEqual([])
    expect(reference).toMatchObject({ element, attribute, value: 'x.ext', use, line: 1 })
  })

  test('is no reference when its value is that of the target', () => {
    expect(readSource(around(elements[0]!, `${attribute}="-dita-use-conref-target"`)).references).toEqual([])
  })
})

test.each(referenceAttributes.filter(({ syntax }) => syntax === 'uris' || syntax === 'keys'))('$attribute holds a list', (row) => {
  const { references } = readSource(around(elementsOf(row)[0]!, `${row.attribute}=" a  b "`))
  expect(references.map(({ value }) => value)).toEqual(['a', 'b'])
})

test.each(referenceAttributes.filter(({ on }) => on !== null))('$attribute means nothing on other elements', ({ attribute }) => {
  expect(readSource(around('ph', `${attribute}="x"`)).references).toEqual([])
})

test.each(referenceAttributes.filter(({ notOn }) => notOn !== null))('$attribute means nothing on $notOn', ({ attribute, notOn }) => {
  expect(readSource(around(elementOf(notOn!), `${attribute}="x"`)).references).toEqual([])
})

test.each(Object.entries(hrefUses))('href of %s is for %s', (token, use) => {
  expect(readSource(around(elementOf(token), 'href="x.ext"')).references[0]).toMatchObject({ attribute: 'href', use })
})

test.each(['classid', 'usemap', 'xtrf', 'xml:base', 'mapkeyref'])('%s names no resource', (attribute) => {
  expect(readSource(around('object', `${attribute}="x"`)).references).toEqual([])
})

test('what looks like markup in comments, sections of characters and other namespaces is none', () => {
  const { references, observations } = readSource(
    '<topic id="t"><title>T</title><body><!-- <xref href="a"/> --><pre><![CDATA[<xref href="b"/>]]>&lt;xref href="c"/></pre>' +
      '<xi:include href="d" xmlns:xi="http://www.w3.org/2001/XInclude"/><foreign><svg xmlns="http://www.w3.org/2000/svg"><image href="e"/></svg>' +
      '</foreign><svg-container><svgref href="f.svg"/></svg-container></body></topic>',
  )
  expect(references.map(({ value }) => value)).toEqual(['f.svg'])
  expect(observations.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(['foreign-element xi:include'])
})
