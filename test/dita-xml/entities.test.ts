import { describe, expect, test } from 'vitest'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { scanXml } from '../../src/dita/xml/scan.ts'
import { maxEntityDepth, maxEntityExpansionBytes, maxEntityExpansionFactor } from '../../src/model/document-limits.ts'
import { recordEvents } from './record-events.ts'
import { errorOf, verdictOf } from './scan-of.ts'

function eventsOf(document: string): string[] {
  return recordEvents(Buffer.from(document))
}

function withSubset(subset: string, content: string): string {
  return `<!DOCTYPE a [${subset}]>${content}`
}

describe('entities of the internal subset', () => {
  test('are replaced in text and in attribute values', () => {
    const document = withSubset('<!ENTITY b "https://x/">', '<a href="&b;y">see &b;</a>')
    expect(eventsOf(document)).toEqual(['start a href=https://x/y', 'text see https://x/', 'end a'])
  })

  test('bring markup that counts as if it stood at the reference', () => {
    const document = withSubset('<!ENTITY p "<ph c=\'1\'>in</ph>">', '<a>&p;</a>')
    expect(eventsOf(document)).toEqual(['start a', 'start ph c=1', 'text in', 'end ph', 'end a'])
  })

  test('follow the example of XML 1.0, appendix D', () => {
    const document = withSubset(`<!ENTITY e "<p>An ampersand (&#38;#38;) may be escaped numerically (&#38;#38;#38;).</p>" >`, '<a>&e;</a>')
    expect(eventsOf(document)).toEqual([
      'start a',
      'start p',
      'text An ampersand (&) may be escaped numerically (&#38;).',
      'end p',
      'end a',
    ])
  })

  test('the first declaration binds, and the predefined ones keep their meaning', () => {
    expect(eventsOf(withSubset('<!ENTITY e "1"><!ENTITY e "2"><!ENTITY lt "&#38;#60;">', '<a>&e;&lt;</a>'))).toEqual([
      'start a',
      'text 1<',
      'end a',
    ])
  })

  test.each([
    ['text that opens an element only', '<!ENTITY e "<b>">', '<a>&e;</b></a>'],
    ['text that closes an element only', '<!ENTITY e "</b>">', '<a><b>&e;</a>'],
    ['half a tag', '<!ENTITY e "<b">', '<a>&e;></a>'],
    ['an open comment', '<!ENTITY e "<!--">', '<a>&e;--></a>'],
    ['half a reference', '<!ENTITY e "&#38;">', '<a>&e;lt;</a>'],
    ['“<” in an attribute', '<!ENTITY e "&#60;">', '<a b="&e;"/>'],
    ['an external entity in an attribute', '<!ENTITY e SYSTEM "x">', '<a b="&e;"/>'],
    ['an unparsed entity', '<!NOTATION n SYSTEM "n"><!ENTITY e SYSTEM "x" NDATA n>', '<a>&e;</a>'],
    ['an undeclared entity', '<!ENTITY e "x">', '<a>&f;</a>'],
    ['an entity that an attribute default uses before its declaration', '<!ATTLIST a b CDATA "&e;"><!ENTITY e "x">', '<a/>'],
    ['an XML declaration', `<!ENTITY e "<?xml version='1.0'?>">`, '<a>&e;</a>'],
    ['a parameter entity in a value', '<!ENTITY % p "x"><!ENTITY e "%p;">', '<a/>'],
  ])('%s is not well-formed', (_, subset, content) => {
    expect(verdictOf(withSubset(subset, content))).toBe('NOT_WELL_FORMED')
  })

  test('one that is never referred to may hold anything', () => {
    expect(verdictOf(withSubset('<!ENTITY e "</b>&e;">', '<a/>'))).toBe('accepted')
  })

  test('CRs of the document end lines, CRs of character references stay', () => {
    expect(eventsOf(withSubset('<!ENTITY e "1\r\n2\r3&#13;4">', '<a>&e;</a>'))).toEqual(['start a', 'text 1\n2\n3\r4', 'end a'])
    expect(eventsOf(withSubset('<!ENTITY e "1&#13;&#10;2">', '<a b="&e;"/>'))[0]).toBe('start a b=1  2')
    expect(eventsOf(withSubset(`<!ENTITY e "<b c='1&#13;&#10;2'/>">`, '<a>&e;</a>'))[1]).toBe('start b c=1  2')
  })

  test('places inside an entity are those of the outermost reference', () => {
    const document = withSubset('<!ENTITY i "<b/>"><!ENTITY o "&i;">', '<a>&o;</a>')
    const offsets: number[] = []
    scanXml(openXmlSource(Buffer.from(document)), { startElement: (_name, _attributes, offset) => offsets.push(offset), endElement() {} })
    expect(offsets).toEqual([document.indexOf('<a>'), document.indexOf('&o;')])
    expect(errorOf(withSubset('<!ENTITY o "<b x>">', '<a>&o;</a>'))?.offset).toBe(withSubset('<!ENTITY o "<b x>">', '<a>').length)
  })
})

describe('entities that cannot be known', () => {
  test.each([
    ['no DTD', '<a>&x;</a>', 'NOT_WELL_FORMED'],
    ['an internal subset alone', '<!DOCTYPE a []><a>&x;</a>', 'NOT_WELL_FORMED'],
    ['an external subset', '<!DOCTYPE a SYSTEM "a"><a>&x;</a>', 'accepted'],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % p SYSTEM "p">%p;]><a>&x;</a>', 'accepted'],
    ['standalone="yes"', '<?xml version="1.0" standalone="yes"?><!DOCTYPE a SYSTEM "a"><a>&x;</a>', 'NOT_WELL_FORMED'],
  ])('undeclared with %s', (_, document, verdict) => {
    expect(verdictOf(document)).toBe(verdict)
  })

  test('are reported once per reference, with their place', () => {
    const document = '<!DOCTYPE a SYSTEM "a"><a b="&x;">&y;&x;</a>'
    const skipped: string[] = []
    scanXml(openXmlSource(Buffer.from(document)), {
      startElement() {},
      endElement() {},
      skippedEntity: (name, offset) => skipped.push(`${name} ${offset}`),
    })
    expect(skipped).toEqual([`x ${document.indexOf('&x;')}`, `y ${document.indexOf('&y;')}`, `x ${document.lastIndexOf('&x;')}`])
  })

  test('an external entity is refused where it is referred to, and only reported where it is declared', () => {
    const declared: string[] = []
    const subset = '<!ENTITY e SYSTEM "file:///etc/passwd"><!NOTATION n SYSTEM "n"><!ENTITY u SYSTEM "u" NDATA n><!ENTITY % p "x">'
    scanXml(openXmlSource(Buffer.from(withSubset(subset, '<a/>'))), {
      startElement() {},
      endElement() {},
      entityDeclared: (kind, name) => declared.push(`${kind} ${name}`),
    })
    expect(declared).toEqual(['external e', 'unparsed u', 'parameter p'])
    expect(verdictOf(withSubset(subset, '<a>&e;</a>'))).toBe('EXTERNAL_ENTITY')
    expect(verdictOf(withSubset(subset, '<a>&e;</a>'), { externalEntities: 'skip' })).toBe('accepted')
  })

  test('declarations behind an unread parameter entity are checked but not used, unless the document stands alone', () => {
    const subset = '<!ENTITY % p SYSTEM "p">%p;<!ENTITY e "late"><!ATTLIST a b CDATA "late">'
    expect(eventsOf(withSubset(subset, '<a>&e;</a>'))).toEqual(['start a', 'end a'])
    expect(eventsOf(`<?xml version="1.0" standalone="yes"?>${withSubset(subset, '<a>&e;</a>')}`)).toEqual([
      'start a b=late',
      'text late',
      'end a',
    ])
    expect(verdictOf(withSubset('<!ENTITY % p SYSTEM "p">%p;<!ENTITY e>', '<a/>'))).toBe('NOT_WELL_FORMED')
  })
})

describe('expansion is bounded', () => {
  /** Each entity refers ten times to the one before. */
  function laughs(levels: number): string {
    let subset = '<!ENTITY e0 "ha ha ha ha ">'
    for (let i = 1; i <= levels; i++) subset += `<!ENTITY e${i} "${`&e${i - 1};`.repeat(10)}">`
    return subset
  }

  test.each([
    ['in text', '<a>&e9;</a>', ''],
    ['in an attribute', '<a b="&e9;"/>', ''],
    ['in an attribute default', '<a/>', '<!ATTLIST a b CDATA "&e9;">'],
  ])('many small entities %s', (_, content, more) => {
    expect(verdictOf(withSubset(laughs(9) + more, content))).toBe('ENTITY_EXPANSION_LIMIT')
  })

  test('one large entity, many times: the sum counts, to the byte', () => {
    const bytes = 1024
    const times = maxEntityExpansionBytes / bytes
    // Comments make the document large enough for the factor to be no limit.
    const filler = `<!--${'x'.repeat(maxEntityExpansionBytes / maxEntityExpansionFactor)}-->`
    const subset = `<!ENTITY e "${'x'.repeat(bytes)}">`
    expect(verdictOf(withSubset(subset, `<a>${'&e;'.repeat(times)}</a>${filler}`))).toBe('accepted')
    expect(verdictOf(withSubset(subset, `<a>${'&e;'.repeat(times + 1)}</a>${filler}`))).toBe('ENTITY_EXPANSION_LIMIT')
  })

  test('a small document may grow by the factor only', () => {
    const document = (times: number) =>
      withSubset(`<!ENTITY e "${'x'.repeat(900)}"><!ENTITY f "${'&e;'.repeat(10)}">`, `<a>${'&f;'.repeat(times)}</a>`)
    expect(verdictOf(document(5))).toBe('accepted')
    expect(verdictOf(document(20))).toBe('ENTITY_EXPANSION_LIMIT')
  })

  test('depth', () => {
    const chain = (levels: number) => {
      let subset = '<!ENTITY e1 "x">'
      for (let i = 2; i <= levels; i++) subset += `<!ENTITY e${i} "&e${i - 1};">`
      return withSubset(subset, `<a b="&e${levels};">&e${levels};</a>`)
    }
    expect(verdictOf(chain(maxEntityDepth))).toBe('accepted')
    expect(verdictOf(chain(maxEntityDepth + 1))).toBe('ENTITY_EXPANSION_LIMIT')
  })

  test.each([
    ['itself', '<!ENTITY e "&e;">'],
    ['itself by another', '<!ENTITY e "&f;"><!ENTITY f "x&e;">'],
    ['itself in an element', '<!ENTITY e "<b>&e;</b>">'],
    ['itself in an attribute', '<!ENTITY e "<b c=\'&e;\'/>">'],
  ])('an entity that refers to %s', (_, subset) => {
    expect(verdictOf(withSubset(subset, '<a>&e;</a>'))).toBe('ENTITY_RECURSION')
  })
})
