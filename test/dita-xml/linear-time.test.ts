import { describe, expect, test } from 'vitest'
import type { XmlSource } from '../../src/dita/xml/events.ts'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { countWork } from './count-work.ts'
import { errorOf } from './scan-of.ts'

function repeated(times: number, piece: (i: number) => string): string {
  return Array.from({ length: times }, (_, i) => piece(i)).join('')
}

/** Names of one hash: `Aa` and `BB` hash alike. */
function colliding(i: number): string {
  return Array.from({ length: 16 }, (_, bit) => ((i >> bit) & 1 ? 'Aa' : 'BB')).join('')
}

const shapes: Record<string, (n: number) => string> = {
  'many elements': (n) => `<a>${'<b></b>'.repeat(n)}</a>`,
  'elements never closed': (n) => `<a>${'<b>'.repeat(n)}`,
  'one long text of brackets': (n) => `<a>${']'.repeat(10 * n)}</a>`,
  'one long comment of single hyphens': (n) => `<a><!--${'- '.repeat(5 * n)}--></a>`,
  'one long attribute': (n) => `<a b="${'x\n'.repeat(5 * n)}"/>`,
  'many character references': (n) => `<a b="${'&#65;'.repeat(n)}">${'&amp;'.repeat(n)}</a>`,
  'one character reference of many digits': (n) => `<a>&#${'0'.repeat(10 * n)}65;</a>`,
  'many distinct names': (n) => `<a>${repeated(n, (i) => `<n${i}/>`)}</a>`,
  'names of one hash': (n) => `<a>${repeated(n / 2, (i) => `<${colliding(i)}/>`)}</a>`,
  'many attributes in every tag': (n) => `<a>${repeated(n / 500, (k) => `<b${repeated(500, (i) => ` a${i}="${k}"`)}/>`)}</a>`,
  'many entity declarations': (n) => `<!DOCTYPE a [${repeated(n / 2, (i) => `<!ENTITY e${i} "">`)}]><a/>`,
  'many attribute declarations': (n) => `<!DOCTYPE a [<!ATTLIST a ${repeated(n / 2, (i) => `a${i} CDATA #IMPLIED `)}>]><a/>`,
  'many attribute defaults': (n) => `<!DOCTYPE a [<!ATTLIST b ${repeated(100, (i) => `a${i} CDATA "" `)}>]><a>${'<b/>'.repeat(n / 50)}</a>`,
  'many declarations of one element': (n) => `<!DOCTYPE a [${repeated(n / 2, (i) => `<!ATTLIST a a${i} CDATA #IMPLIED>`)}]><a/>`,
  'many empty entities': (n) => `<!DOCTYPE a [<!ENTITY e "">]><a>${'&e;'.repeat(n)}</a>`,
  'many prefixes': (n) => `<a>${repeated(n / 2, (i) => `<p${i}:b xmlns:p${i}=""/>`)}</a>`,
  'many unbound prefixes': (n) => `<a>${repeated(n / 2, (i) => `<p${i}:b/>`)}</a>`,
  'an open quote': (n) => `<a b="${'x'.repeat(10 * n)}`,
  'an open CDATA section': (n) => `<a><![CDATA[${']]'.repeat(5 * n)}`,
  'an open declaration': (n) => `<!DOCTYPE a [<!ELEMENT a (b${'|b'.repeat(5 * n)}`,
}

describe('work is linear in the size of the document', () => {
  test.each(Object.entries(shapes))('%s', async (_, shape) => {
    const small = Buffer.from(shape(5_000))
    const large = Buffer.from(shape(40_000))
    const smallWork = await countWork(() => errorOf(small))
    const largeWork = await countWork(() => errorOf(large))
    expect(smallWork).toBeGreaterThan(5_000)
    // Eight times the size. Quadratic work would be 64 times as much; names that find no room in their table cost a little more each.
    expect(largeWork / smallWork).toBeLessThan(12)
  })

  test('so are lines and columns that are asked for one after the other', async () => {
    const document = (n: number) => openXmlSource(Buffer.from(`<a>${'<b/>\n'.repeat(n)}</a>`))
    const askAll = (source: XmlSource) => {
      for (let offset = 0; offset < source.bytes.length; offset += 5) source.lineColumn(offset)
    }
    const small = document(500)
    const large = document(4_000)
    const smallWork = await countWork(() => askAll(small))
    const largeWork = await countWork(() => askAll(large))
    expect(smallWork).toBeGreaterThan(2_500)
    expect(largeWork / smallWork).toBeLessThan(12)
  })
})
