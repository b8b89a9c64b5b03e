import { describe, expect, test } from 'vitest'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { scanXml } from '../../src/dita/xml/scan.ts'
import {
  maxAttributesPerElement,
  maxAttributeValueBytes,
  maxDeclarations,
  maxDistinctNames,
  maxDocumentBytes,
  maxElementDepth,
  maxElements,
  maxNameBytes,
} from '../../src/model/document-limits.ts'
import { verdictOf } from './scan-of.ts'

function attributes(count: number): string {
  return Array.from({ length: count }, (_, i) => ` a${i}=""`).join('')
}

/** Two strings that this hash cannot tell apart, in all combinations: 2 to the power of `bits` names of one hash. */
function collidingNames(bits: number): string[] {
  return Array.from({ length: 2 ** bits }, (_, i) => Array.from({ length: bits }, (_, bit) => ((i >> bit) & 1 ? 'Aa' : 'BB')).join(''))
}

describe('limits hold to the last unit', () => {
  test.each([
    ['depth', (n: number) => '<a>'.repeat(n) + '</a>'.repeat(n), maxElementDepth, 'LIMIT_DEPTH'],
    ['elements', (n: number) => `<a>${'<b/>'.repeat(n - 1)}</a>`, maxElements, 'LIMIT_ELEMENTS'],
    ['attributes', (n: number) => `<a${attributes(n)}/>`, maxAttributesPerElement, 'LIMIT_ATTRIBUTES'],
    ['length of an element name', (n: number) => `<${'n'.repeat(n)}/>`, maxNameBytes, 'LIMIT_NAME_LENGTH'],
    ['length of an attribute name', (n: number) => `<a ${'n'.repeat(n)}=""/>`, maxNameBytes, 'LIMIT_NAME_LENGTH'],
    ['length of a value', (n: number) => `<a b="${'x'.repeat(n)}"/>`, maxAttributeValueBytes, 'LIMIT_VALUE_LENGTH'],
    ['length of a value with references', (n: number) => `<a b="${'x'.repeat(n - 1)}&lt;"/>`, maxAttributeValueBytes, 'LIMIT_VALUE_LENGTH'],
    ['declarations', (n: number) => `<!DOCTYPE a [${'<!ENTITY a "">'.repeat(n)}]><a/>`, maxDeclarations, 'LIMIT_ELEMENTS'],
    [
      'groups of a model',
      (n: number) => `<!DOCTYPE a [<!ELEMENT a ${'('.repeat(n)}b${')'.repeat(n)}>]><a/>`,
      maxElementDepth,
      'LIMIT_DEPTH',
    ],
    ['size of the file', (n: number) => `<a>${' '.repeat(n - 7)}</a>`, maxDocumentBytes, 'LIMIT_FILE_SIZE'],
  ])('%s', (_, document, limit, code) => {
    expect(verdictOf(document(limit))).toBe('accepted')
    expect(verdictOf(document(limit + 1))).toBe(code)
  })

  test('attributes that defaults add count', () => {
    const attlist = Array.from({ length: maxAttributesPerElement + 1 }, (_, i) => `d${i} CDATA "x"`).join(' ')
    expect(verdictOf(`<!DOCTYPE a [<!ATTLIST b ${attlist}>]><a><b/></a>`)).toBe('LIMIT_ATTRIBUTES')
    expect(verdictOf(`<!DOCTYPE a [<!ATTLIST b ${attlist}>]><a/>`)).toBe('accepted')
  })

  test('a default may not multiply a document', () => {
    const value = 'x'.repeat(100_000)
    const document = (times: number) => `<!DOCTYPE a [<!ATTLIST b c CDATA "${value}">]><a>${'<b/>'.repeat(times)}</a>`
    expect(verdictOf(document(200))).toBe('accepted')
    expect(verdictOf(document(300))).toBe('ENTITY_EXPANSION_LIMIT')
  })
})

describe('names beyond the table', () => {
  const crowd = Array.from({ length: maxDistinctNames + 10 }, (_, i) => `<n${i}/>`).join('')

  test.each([
    ['many', crowd],
    [
      'of one hash',
      collidingNames(6)
        .map((name) => `<${name}/>`)
        .join(''),
    ],
  ])('are read like any other when they are %s', (_, filler) => {
    const names: string[] = []
    const document = `<a>${filler}<last x="1" y="2"></last></a>`
    scanXml(openXmlSource(Buffer.from(document)), {
      startElement: (name, found) => names.push(found.count === 2 ? `${name} ${found.get('x')} ${found.get('y')}` : name),
      endElement() {},
    })
    expect(names.at(-1)).toBe('last 1 2')
    expect(new Set(names).size).toBe(names.length)
  })

  test('defaults of such names come with every tag that does not give them', () => {
    const names = collidingNames(6)
    const attlist = names.map((name) => `${name} CDATA "d"`).join(' ')
    const given = names.map((name) => ` ${name}="g"`).join('')
    const counts: string[] = []
    scanXml(openXmlSource(Buffer.from(`<!DOCTYPE a [<!ATTLIST b ${attlist}>]><a><b${given}/><b/></a>`)), {
      startElement: (_name, found) => counts.push(`${found.count} ${found.get(names.at(-1)!)}`),
      endElement() {},
    })
    expect(counts).toEqual(['0 undefined', '64 g', '64 d'])
  })

  test('doubled ones among them are still found', () => {
    const pairs = collidingNames(7).map((name) => ` ${name}=""`)
    expect(verdictOf(`<a${pairs.join('')}/>`)).toBe('accepted')
    expect(verdictOf(`<a${pairs.join('')}${pairs.at(-1)}/>`)).toBe('NOT_WELL_FORMED')
  })
})
