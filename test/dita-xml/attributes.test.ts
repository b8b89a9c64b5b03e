import { describe, expect, test } from 'vitest'
import type { XmlAttributes } from '../../src/dita/xml/events.ts'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { scanXml } from '../../src/dita/xml/scan.ts'
import { recordEvents } from './record-events.ts'
import { errorOf, verdictOf } from './scan-of.ts'

function startTagsOf(document: string): string[] {
  return recordEvents(Buffer.from(document)).filter((event) => event.startsWith('start'))
}

function inspect(document: string, look: (attributes: XmlAttributes) => void): void {
  scanXml(openXmlSource(Buffer.from(document)), { startElement: (_name, attributes) => look(attributes), endElement() {} })
}

function prefixesOf(document: string): string[] {
  const found: string[] = []
  scanXml(openXmlSource(Buffer.from(document)), {
    startElement() {},
    endElement() {},
    unboundPrefix: (prefix, offset) => found.push(`${prefix} ${offset}`),
  })
  return found
}

describe('attribute values', () => {
  test('white space becomes blanks, one for a CRLF; character references stay what they are (3.3.3)', () => {
    expect(startTagsOf('<a b="1\t2\n3\r\n4\r5&#9;6&#10;7&#13;8 "/>')).toEqual(['start a b=1 2 3 4 5\t6\n7\r8 '])
    expect(startTagsOf('<a b=" 1\t2\r\n3\r4"/>')).toEqual(['start a b= 1 2 3 4'])
  })

  test('tokenised ones lose blanks at the ends and doubled ones', () => {
    const attlist = '<!DOCTYPE a [<!ATTLIST a b NMTOKENS #IMPLIED c (x|y) #IMPLIED d CDATA #IMPLIED>]>'
    expect(startTagsOf(`${attlist}<a b="  1 \n 2&#32; " c=" x" d=" z "/>`)).toEqual(['start a b=1 2 c=x d= z '])
  })

  test('defaults of the internal subset are added where the tag has none; the first declaration binds', () => {
    const attlist = '<!DOCTYPE a [<!ATTLIST a b CDATA "1" c CDATA #FIXED "2"><!ATTLIST a b CDATA "3" d NMTOKEN " 4 " e CDATA #IMPLIED>]>'
    expect(startTagsOf(`${attlist}<a c="9"><a/><z/></a>`)).toEqual(['start a b=1 c=9 d=4', 'start a b=1 c=2 d=4', 'start z'])
  })

  test('are read by index and by name, and the names are one string object', () => {
    const names: string[] = []
    inspect('<a href="x" id="&lt;"><b id="2"/></a>', (attributes) => {
      names.push(attributes.name(attributes.count - 1))
      expect(attributes.get('href')).toBe(attributes.count === 2 ? 'x' : undefined)
      expect(attributes.get('id')).toBe(attributes.count === 2 ? '<' : '2')
      expect(attributes.offset(0)).toBe(attributes.count === 2 ? 3 : 25)
    })
    expect(names).toEqual(['id', 'id'])
  })

  test('a handler may scan another document in the middle of one', () => {
    inspect('<a b="1"/>', (outer) => {
      inspect('<c d="2" b="3"/>', (inner) => expect(inner.get('d')).toBe('2'))
      expect(outer.count).toBe(1)
      expect(outer.get('b')).toBe('1')
    })
  })

  test.each([
    '<a b="1" b="2"/>',
    `<a b='1' c="" b=''/>`,
    '<a b="1"c="2"/>',
    '<a b/>',
    '<a b=1/>',
    '<a b="<"/>',
    '<a b="&"/>',
    '<a b="1/>',
    '<a 1b=""/>',
  ])('%s is not well-formed', (document) => {
    expect(verdictOf(document)).toBe('NOT_WELL_FORMED')
  })

  test('the place of a duplicate is its second occurrence', () => {
    expect(errorOf('<a b="1" c="2" b="3"/>')?.offset).toBe(15)
  })
})

describe('namespace prefixes', () => {
  test('without a declaration in scope are reported once, and are not fatal', () => {
    expect(prefixesOf('<a><p:b/><p:c q:d="1"/></a>')).toEqual(['p 3', 'q 14'])
  })

  test.each([
    '<p:a xmlns:p="u"/>',
    '<a q:b="" xmlns:q="u"/>',
    '<a xmlns:p="u"><p:b><p:c p:d=""/></p:b></a>',
    '<a xml:lang="en" xmlns="u"/>',
    '<!DOCTYPE m:a [<!ATTLIST m:a xmlns:m CDATA #FIXED "u">]><m:a/>',
  ])('%s needs none', (document) => {
    expect(prefixesOf(document)).toEqual([])
  })

  test('a declaration ends with its element', () => {
    const document = '<a><b xmlns:p="u"><p:c/><d xmlns:p="v"/><p:e/></b><p:f/></a>'
    expect(prefixesOf(document)).toEqual([`p ${document.indexOf('<p:f')}`])
  })
})
