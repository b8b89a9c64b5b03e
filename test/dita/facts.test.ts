import { describe, expect, test } from 'vitest'
import { readSource } from './read-source.ts'

const entries = (source: string, name?: string) => readSource(source, name).metadata.map(({ name, value, about }) => [name, value, about])

describe('titles', () => {
  test('have the text of all that is inside, blanks collapsed, without asides', () => {
    const { title, topics } = readSource(
      '<topic id="t"><title>\n  The <b>big</b> <ph>red\n house</ph><fn>no</fn><indexterm>no<indexterm>no</indexterm></indexterm><draft-comment>no</draft-comment>\n</title></topic>',
    )
    expect(title).toBe('The big red house')
    expect(topics[0]).toMatchObject({ id: 't', element: 'topic', title: 'The big red house', titleHasKeyref: false })
  })

  test('may come from elsewhere', () => {
    const flags = [
      '<title><keyword keyref="k"/></title>',
      '<title keyref="k"/>',
      '<title conref="#x/y"/>',
      '<title/><body><ph keyref="k"/></body>',
    ]
    expect(flags.map((inside) => readSource(`<topic id="t">${inside}</topic>`).topics[0]!.titleHasKeyref)).toEqual([
      true,
      true,
      true,
      false,
    ])
  })

  test('are those of topics, not of tables and sections', () => {
    const { topics } = readSource(
      '<topic id="a"><body><section><title>S</title></section></body><topic id="b"><title>B</title><body><table><title>T</title></table></body></topic></topic>',
    )
    expect(topics.map(({ title }) => title)).toEqual([null, 'B'])
  })

  test('of maps stand in an element, in a bookmap in its part, or in an attribute', () => {
    expect(readSource('<map title="A"><title>E</title></map>', 'a.ditamap').title).toBe('E')
    expect(readSource('<map title="A"><topicref href="x"/></map>', 'a.ditamap').title).toBe('A')
    const book =
      '<bookmap><booktitle><booklibrary>L</booklibrary><mainbooktitle>Main</mainbooktitle><booktitlealt>Alt</booktitlealt></booktitle></bookmap>'
    expect(readSource(book, 'a.ditamap').title).toBe('Main')
    expect(entries(book, 'a.ditamap')).toEqual([
      ['booklibrary', 'L', null],
      ['mainbooktitle', 'Main', null],
      ['booktitlealt', 'Alt', null],
    ])
  })
})

test('the short description is the first topic’s, also inside of an abstract', () => {
  expect(
    readSource('<topic id="a"><title/><shortdesc>One</shortdesc><topic id="b"><title/><shortdesc>Two</shortdesc></topic></topic>')
      .shortDescription,
  ).toBe('One')
  expect(readSource('<topic id="a"><title/><abstract>x<shortdesc>In</shortdesc></abstract></topic>').shortDescription).toBe('In')
})

test('the prolog gives metadata by name', () => {
  const source =
    '<topic id="t" audience="expert" rev="2"><title/><titlealts><navtitle>N</navtitle><searchtitle>S</searchtitle></titlealts><prolog>' +
    '<author type="creator">Ann</author><source>Src</source><publisher>Pub</publisher><copyright><copyryear year="2026"/><copyrholder>Ann</copyrholder></copyright>' +
    '<critdates><created date="2026-01-01"/><revised modified="2026-02-02"/></critdates><permissions view="all"/><metadata><audience type="user" job="using"/>' +
    '<category>Cat</category><keywords><keyword>K1</keyword><keyword>K2</keyword><indexterm>I<indexterm>J</indexterm></indexterm></keywords>' +
    '<prodinfo><prodname>P</prodname><vrmlist><vrm version="1" release="2"/></vrmlist><platform>Lin</platform></prodinfo>' +
    '<othermeta name="color" content="red"/><data name="cost" value="12"><data name="inner">deep</data></data></metadata><resourceid appname="h" id="r1"/></prolog>' +
    '<body><p><keyword>not this</keyword></p></body></topic>'
  expect(entries(source)).toEqual([
    ['@audience', 'expert', null],
    ['@rev', '2', null],
    ['navtitle', 'N', null],
    ['searchtitle', 'S', null],
    ['author@type', 'creator', null],
    ['author', 'Ann', null],
    ['source', 'Src', null],
    ['publisher', 'Pub', null],
    ['copyryear@year', '2026', null],
    ['copyrholder', 'Ann', null],
    ['created@date', '2026-01-01', null],
    ['revised@modified', '2026-02-02', null],
    ['permissions@view', 'all', null],
    ['audience@type', 'user', null],
    ['audience@job', 'using', null],
    ['category', 'Cat', null],
    ['keyword', 'K1', null],
    ['keyword', 'K2', null],
    ['indexterm', 'J', null],
    ['indexterm', 'I', null],
    ['prodname', 'P', null],
    ['vrm@version', '1', null],
    ['vrm@release', '2', null],
    ['platform', 'Lin', null],
    ['othermeta:color', 'red', null],
    ['data:cost', '12', null],
    ['data:inner', 'deep', null],
    ['resourceid@id', 'r1', null],
    ['resourceid@appname', 'h', null],
  ])
})

test('metadata of a topicref says what it is about', () => {
  const source =
    '<map><topicmeta><author>Map</author></topicmeta><topicref href="a.dita"><topicmeta><navtitle>A</navtitle></topicmeta>' +
    '<topicref keys="k"><topicmeta><linktext>L</linktext></topicmeta></topicref></topicref></map>'
  expect(entries(source, 'a.ditamap')).toEqual([
    ['author', 'Map', null],
    ['navtitle', 'A', 'a.dita'],
    ['linktext', 'L', 'k'],
  ])
})

test('metadata beyond the limit is counted, not kept', () => {
  const keywords = '<keyword>k</keyword>'.repeat(2500)
  const { metadata, observations } = readSource(
    `<topic id="t"><title/><prolog><metadata><keywords>${keywords}</keywords></metadata></prolog></topic>`,
  )
  expect(metadata).toHaveLength(2000)
  expect(observations).toMatchObject([{ kind: 'metadata-limit', subject: '2500' }])
})

describe('keys', () => {
  const read = (source: string) => readSource(source, 'a.ditamap')

  test('have text from the best source there is', () => {
    const { keys } = read(
      '<map><keydef keys="a"><topicmeta><navtitle>N</navtitle><linktext>L</linktext><keywords><keyword>K</keyword><keyword>K2</keyword></keywords></topicmeta></keydef>' +
        '<keydef keys="b c" navtitle="Attr"><topicmeta><linktext>L</linktext></topicmeta></keydef><keydef keys="d" navtitle="Attr" href="x.dita"/><keydef keys="e"/></map>',
    )
    expect(keys.map(({ keys, text, href }) => [keys, text, href])).toEqual([
      [['a'], 'K', null],
      [['b', 'c'], 'L', null],
      [['d'], 'Attr', 'x.dita'],
      [['e'], null, null],
    ])
  })

  test('belong to the scopes around them, that of their own element included', () => {
    const { keys, keyScopes } = read(
      '<map keyscope="root"><topicgroup keyscope="s1 s2"><keydef keys="a" keyscope="own"/></topicgroup><keydef keys="b"/></map>',
    )
    expect(keys.map(({ scopes }) => scopes)).toEqual([[['root'], ['s1', 's2'], ['own']], [['root']]])
    expect(keyScopes.map(({ names }) => names)).toEqual([['root'], ['s1', 's2'], ['own']])
  })

  test('with illegal names are observed and left out', () => {
    const { keys, observations } = read('<map><keydef keys="a/b ok {x}" href="x.dita"/><topicgroup keyscope=""/></map>')
    expect(keys.map(({ keys }) => keys)).toEqual([['ok']])
    expect(observations.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'key-name-invalid a/b',
      'key-name-invalid {x}',
      'keyscope-name-invalid ',
    ])
  })
})

test('ids know their topic, what encloses them, and their place among their siblings', () => {
  const { targets, idPlaces } = readSource(
    '<topic id="a">\n<title/><body><ul id="u"><li id="l1"/><li/>\n<li id="l3"/></ul></body><topic id="b"><title/></topic></topic>',
  )
  expect(targets.topics).toEqual([
    { id: 'a', element: 'topic' },
    { id: 'b', element: 'topic' },
  ])
  expect(targets.elements.map(({ id, topic, parent, position }) => [id, topic, parent, position])).toEqual([
    ['a', 0, -1, 0],
    ['u', 0, 0, 0],
    ['l1', 0, 1, 0],
    ['l3', 0, 1, 2],
    ['b', 1, 0, 2],
  ])
  expect(targets.elements[2]!.parentNumber).toBe(targets.elements[3]!.parentNumber)
  expect(idPlaces.map(({ line }) => line)).toEqual([1, 2, 2, 3, 3])
})

describe('the language', () => {
  test.each([
    ['en-us', 'en-US'],
    ['EN_us', 'en-US'],
    ['zh-hans-cn', 'zh-Hans-CN'],
    ['de', 'de'],
    ['english', null],
    ['us-english-x', null],
    ['', null],
  ])('%s is %s', (written, normal) => {
    expect(readSource(`<topic id="t" xml:lang="${written}"><title/></topic>`).language).toMatchObject({ written, normal })
  })
})

test.each([
  ['a.dita', '<map/>', 'DITAMAP'],
  ['a.ditamap', '<task id="t"/>', 'DITATOPIC'],
  ['a.xml', '<concept id="c"/>', 'DITATOPIC'],
  ['a.xml', '<project/>', 'OTHERS'],
  ['a.xml', '<x class="- topic/topic my/x "/>', 'DITATOPIC'],
  ['a.xml', '<faq class="- map/map x/faq "/>', 'DITAMAP'],
  ['a.dita', '<faq id="f"/>', 'DITATOPIC'],
  ['a.xml', '<!DOCTYPE faq PUBLIC "-//IBM//DTD DITA FAQ//EN" "faq.dtd"><faq id="f"/>', 'DITATOPIC'],
  ['a.dita', '<dita><topic id="t"/></dita>', 'DITATOPIC'],
  ['a.ditaval', '<val/>', 'DITAVAL'],
  ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'OTHERS'],
  ['a.xml', '<topic xmlns="http://example.com/other"/>', 'OTHERS'],
  ['a.xml', '<project><unclosed></project>', 'OTHERS'],
  ['a.txt', '<anything', 'OTHERS'],
  ['a', '<topic id="t"/>', 'DITATOPIC'],
  ['a.tpl', '<!DOCTYPE topic PUBLIC "-//OASIS//DTD DITA Topic//EN" "topic.dtd"><topic id="t"/>', 'DITATOPIC'],
])('%s with %s is %s', (name, source, type) => expect(readSource(source, name).type).toBe(type))
