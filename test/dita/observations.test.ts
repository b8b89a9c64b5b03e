import { describe, expect, test } from 'vitest'
import { observed, readSource, topic } from './read-source.ts'

const of = (body: string) => observed(readSource(topic(body)))
const ofMap = (inside: string) => observed(readSource(`<map><title>M</title>${inside}</map>`, 'a.ditamap'))
const ofDitaval = (inside: string) => observed(readSource(`<val>${inside}</val>`, 'a.ditaval'))

describe('elements', () => {
  test.each([
    ['<house/><house/>', ['unknown-element house 2']],
    ['<p class="topic/p">x</p>', ['invalid-class topic/p p']],
    ['<p class="- topic/p ">x</p><special class="+ topic/ph x-d/special "/>', []],
    ['<x:y xmlns:x="u"/>', ['foreign-element x:y x']],
    ['<x:y/>', ['foreign-element x:y x', 'unbound-prefix x']],
    ['<foreign><x:y xmlns:x="u"><z/></x:y><w/></foreign>', []],
    ['<draft-comment author="me" disposition="open">x</draft-comment>', ['draft-comment me open']],
    ['<required-cleanup remap="b"/>', ['required-cleanup b']],
    ['<xref/><xref keyref="k"/>', ['link-without-target xref']],
    ['<xref href="http://x"/><xref href="http://x" scope="external"/>', ['absolute-without-scope http://x xref']],
  ])('%s', (body, expected) => expect(of(body).sort()).toEqual([...expected].sort()))
})

describe('images', () => {
  test.each([
    ['<image href="a"/>', ['image-without-alt a']],
    ['<image keyref="k"/>', ['image-without-alt k']],
    ['<image href="a" alt=" "/>', ['empty-alt a']],
    ['<image href="a"><alt> <ph/> </alt></image>', ['empty-alt a']],
    ['<image href="a"><alt>x</alt></image><image href="b" alt="y"/>', []],
    ['<image href="a"><alt keyref="k"/></image><image conref="#t/x"/>', []],
  ])('%s', (body, expected) => expect(of(body)).toEqual(expected))
})

describe('areas of image maps', () => {
  const link = '<xref href="#t">x</xref>'
  test.each([
    [`<area><shape>rect</shape><coords>0,0,1,1</coords>${link}</area><area><coords>0,0,1,1</coords>${link}</area>`, []],
    [`<area><shape> Default </shape><coords/>${link}</area>`, []],
    [`<area><shape>oval</shape><coords>1,1</coords>${link}</area>`, ['area-shape-invalid oval']],
    [`<area><shape>circle</shape>${link}</area>`, ['area-without-coords circle']],
    ['<area><shape>rect</shape><coords>0,0,1,1</coords></area>', ['area-without-link']],
    [`<area><shape conref="#t/s"/><coords keyref="k"/>${link}</area><area conref="#t/a"/>`, []],
  ])('%s', (areas, expected) => {
    expect(of(`<imagemap><image href="a"><alt>x</alt></image>${areas}</imagemap>`)).toEqual(expected)
  })
})

describe('tables', () => {
  const table = (attributes: string, columns: string, rows: string) =>
    of(`<table><tgroup ${attributes}>${columns}<tbody>${rows}</tbody></tgroup></table>`)
  const two = '<colspec colname="a"/><colspec colname="b"/>'

  test.each([
    ['cols="2"', '', '<row><entry/><entry/></row>', []],
    ['cols="2"', '', '<row><entry/></row>', ['table-row-cells 1 2']],
    ['cols="2"', '', '<row><entry/><entry/><entry/></row>', ['table-row-cells 3 2']],
    ['cols="2"', two, '<row><entry namest="a" nameend="b"/></row>', []],
    ['cols="2"', two, '<row><entry colname="b"/></row>', []],
    ['cols="2"', two, '<row><entry morerows="1"/><entry/></row><row><entry/></row><row><entry/><entry/></row>', []],
    ['cols="2"', two, '<row><entry morerows="1"/><entry/></row><row><entry/><entry/></row>', ['table-row-cells 3 2']],
    ['cols="2"', two, '<row><entry namest="b" nameend="a"/><entry/></row>', ['table-row-cells 3 2', 'table-span-order a b']],
    ['cols="2"', two, '<row><entry colname="z"/><entry/></row>', ['table-unknown-column z colname']],
    ['cols="1"', two, '', ['table-colspec-count 2 1']],
    ['cols="2"', '<colspec colname="a"/><colspec colname="a"/>', '', ['table-colspec-duplicate a']],
    ['', '', '<row><entry/></row>', ['table-cols-missing']],
    ['cols="x"', '', '<row><entry/></row>', ['table-cols-invalid x']],
    ['cols="1"', '', '<row><entry morerows="x"/></row>', ['table-number-invalid x morerows']],
    ['cols="999999999"', '', '<row><entry/></row>', ['table-cols-invalid 999999999']],
  ])('%s %s %s', (attributes, columns, rows, expected) => expect(table(attributes, columns, rows)).toEqual(expected))

  test.each([
    ['<sthead><stentry/><stentry/></sthead><strow><stentry/><stentry/></strow><strow><stentry/></strow>', []],
    ['<strow><stentry/></strow><strow><stentry/><stentry/></strow>', ['simpletable-row-cells 2 1']],
  ])('%s', (rows, expected) => expect(of(`<simpletable>${rows}</simpletable>`)).toEqual(expected))
})

describe('pushes', () => {
  test.each([
    ['<p conaction="mark" conref="x#y/z"/><p conaction="pushafter"/>', []],
    ['<p conaction="pushbefore"/><p conaction="mark" conref="x#y/z"/>', []],
    ['<p conaction="pushreplace" conref="x#y/z"/>', []],
    ['<p conaction="mark" conref="x#y/z"/><p/>', ['conaction-mark-alone p']],
    ['<p conaction="mark" conref="x#y/z"/>', ['conaction-mark-alone p']],
    ['<p conaction="pushafter"/>', ['conaction-push-without-mark pushafter p']],
    [
      '<ul><li conaction="mark" conref="x#y/z"/></ul><p conaction="pushafter"/>',
      ['conaction-mark-alone li', 'conaction-push-without-mark pushafter p'],
    ],
    ['<p conaction="pushreplace"/>', ['conaction-without-conref pushreplace p']],
    ['<p conaction="shove" conref="x#y/z"/>', ['conaction-unknown shove p']],
    ['<p conaction="pushreplace" conref="x#y/z" conrefend="x#y/w"/>', ['conaction-with-conrefend pushreplace p']],
    ['<p conrefend="x#y/w"/>', ['conrefend-without-conref x#y/w p']],
  ])('%s', (body, expected) => expect(of(body)).toEqual(expected))
})

describe('conditions', () => {
  test.each([
    ['<section audience="a b"><p audience="b"/><p audience="c"/></section>', ['profile-outside-parent c audience']],
    ['<section audience="a"><p platform="x"/><ul><li audience="b"/></ul></section>', ['profile-outside-parent b audience']],
    ['<section audience="a"/><section audience="b"/>', []],
    ['<section props="audience(a b)"><p props="audience(b)"/></section>', []],
  ])('%s', (body, expected) => expect(of(body)).toEqual(expected))
})

describe('keys', () => {
  test.each(['a b', 'k/', '/x', '', '{x}', 'a/b/c'])('"%s" is no key reference', (value) => {
    expect(of(`<ph keyref="${value}"/>`)).toEqual([`keyref-invalid ${value} keyref`.trim()])
  })
  test.each(['k', 'scope.k', 'k/x', 'ключ'])('"%s" is one', (value) => expect(of(`<ph keyref="${value}"/>`)).toEqual([]))
})

describe('maps', () => {
  test.each([
    ['<topicref href="a.dita"/>\n<topicref href="a.dita"/>', ['topicref-repeated a.dita 1']],
    ['<topicref href="a.dita"/><topicref href="a.dita" copy-to="b.dita"/>', []],
    ['<topicref href="a.dita"/><keydef keys="k" href="a.dita"/>', []],
    ['<topicref href="a.dita"/><reltable><relrow><relcell><topicref href="a.dita"/></relcell></relrow></reltable>', []],
    ['<topicref href="a.dita" copy-to="c.dita"/><topicref href="b.dita" copy-to="c.dita"/>', ['copy-to-repeated c.dita 1']],
    ['<topicref href="c.dita"/><topicref href="b.dita" copy-to="c.dita"/>', ['copy-to-existing c.dita 1']],
    ['<mapref href="m.ditamap"><topicref href="a.dita"/></mapref>', ['mapref-with-children m.ditamap']],
    ['<mapref href="m.ditamap"><ditavalref href="v.ditaval"/></mapref>', []],
  ])('%s', (inside, expected) => expect(ofMap(inside)).toEqual(expected))
})

describe('DITAVAL', () => {
  test.each([
    ['<prop att="audience" val="a" action="exclude"/>', []],
    ['<prop att="a" val="b" action="hide"/>', ['ditaval-action-invalid hide prop']],
    ['<revprop val="1" action="exclude"/>', ['ditaval-action-invalid exclude revprop']],
    ['<prop att="a" val="b"/>', ['ditaval-action-missing prop']],
    ['<prop val="b" action="include"/>', ['ditaval-val-without-att b']],
    ['<prop att="a" action="flag" style="bold blink"/>', ['ditaval-value-invalid blink style']],
    ['<prop att="a" val="b" action="flag"/>\n<prop att="a" val="b" action="include"/>', ['ditaval-duplicate-rule a=b 1']],
    ['<rule/>', ['ditaval-unknown-element rule']],
  ])('%s', (inside, expected) => expect(ofDitaval(inside)).toEqual(expected))

  test('flags refer to pictures', () => {
    const { references, targets } = readSource('<val><prop action="flag"><startflag imageref="a.png"/></prop></val>', 'a.ditaval')
    expect(references).toMatchObject([
      { element: 'startflag', attribute: 'imageref', value: 'a.png', use: 'image', format: 'png', line: 1 },
    ])
    expect(targets.root).toBe('ditaval')
  })
})

describe('SVG', () => {
  const svg = (inside: string, attributes = '') =>
    readSource(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="x" ${attributes}>${inside}</svg>`, 'a.svg')

  test.each([
    ['<script>alert(1)</script>', ['active-script script']],
    ['<rect onclick="x()"/>', ['active-handler onclick rect']],
    ['<a xlink:href="javascript:x()"/>', ['active-uri javascript:x() a']],
    ['<image xlink:href="http://evil/x.png"/>', ['remote-content http://evil/x.png image']],
    ['<a xlink:href="http://fine/"/><use xlink:href="#x"/>', []],
  ])('%s', (inside, expected) => expect(observed(svg(inside))).toEqual(expected))

  test.each([
    ['width="10" height="20px"', { width: 10, height: 20 }],
    ['width="1in" height="2.54cm"', { width: 96, height: 96 }],
    ['viewBox="0 0 30 40"', { width: 30, height: 40 }],
    ['width="100%" height="100%"', null],
  ])('%s', (attributes, dimensions) => expect(svg('', attributes).dimensions).toEqual(dimensions))
})

test('a place is that of the attribute or tag, whatever was recorded before it', () => {
  const { references, observations } = readSource(
    '<topic id="t">\n<title>T</title>\n<body><p\n  id="x"\n  conref="#t/y"/>\n<draft-comment/></body></topic>',
  )
  expect(references[0]).toMatchObject({ line: 5, column: 3 })
  expect(observations[0]!.place).toMatchObject({ line: 6, column: 1 })
})
