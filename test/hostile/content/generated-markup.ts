/** A content with its name. `status`: how it must end; `null`: either way is right. */
export interface HostileContent {
  readonly name: string
  readonly status: 'SUCCESS' | 'FAILURE' | null
  content(): string | Uint8Array
}

const million = 1_000_000
const doctype = '<!DOCTYPE topic PUBLIC "-//OASIS//DTD DITA Topic//EN" "topic.dtd"'

function topicWith(body: string, subset = ''): string {
  return `${doctype}${subset === '' ? '' : ` [${subset}]`}><topic id="t"><title>T</title><body>${body}</body></topic>`
}

function many(count: number, make: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => make(index)).join('')
}

function laughs(reference: string): string {
  const entities = many(12, (index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`)
  return topicWith(reference, `<!ENTITY l0 "ha">${entities}`)
}

const text = (name: string, status: HostileContent['status'], content: () => string): HostileContent => ({ name, status, content })

/** XML that is meant to cost time, memory, or access to what it must not reach. `canary`: a URL and a file that nobody may ask for. */
export function hostileXml(canary: { readonly url: string; readonly file: string }): HostileContent[] {
  const external = (id: string) => topicWith('<p>&x;</p>', `<!ENTITY x SYSTEM "${id}">`)
  const parameter = (id: string) => topicWith('<p/>', `<!ENTITY % x SYSTEM "${id}"> %x;`)
  return [
    text('depth-200k.dita', 'FAILURE', () => topicWith('<p>'.repeat(200_000) + '</p>'.repeat(200_000))),
    text('depth-unclosed-5m.dita', 'FAILURE', () => topicWith('<p>'.repeat(5 * million))),
    text('attributes-200k.dita', 'FAILURE', () => topicWith(`<p ${many(200_000, (index) => `a${index}="" `)}/>`)),
    text('namespaces-20k.dita', 'FAILURE', () => topicWith(`<p ${many(20_000, (index) => `xmlns:n${index}="u" `)}/>`)),
    text('text-50mb.dita', 'FAILURE', () => topicWith('x'.repeat(50 * million))),
    text('text-24mb.dita', 'SUCCESS', () => topicWith(`<p>${'x'.repeat(24 * million)}</p>`)),
    text('cdata-20mb.dita', 'SUCCESS', () => topicWith(`<p><![CDATA[${']'.repeat(20 * million)}]]></p>`)),
    text('comment-20mb.dita', 'SUCCESS', () => topicWith(`<!--${'x -'.repeat(7 * million)} -->`)),
    text('comment-unclosed-20mb.dita', 'FAILURE', () => topicWith(`<!--${'x -'.repeat(7 * million)}`)),
    text('less-than-20m.dita', 'FAILURE', () => '<'.repeat(20 * million)),
    text('ampersands-20m.dita', 'FAILURE', () => topicWith('&'.repeat(20 * million))),
    text('name-5mb.dita', 'FAILURE', () => topicWith(`<${'n'.repeat(5 * million)}/>`)),
    text('value-20mb.dita', 'FAILURE', () => topicWith(`<p outputclass="${'v'.repeat(20 * million)}"/>`)),
    text('elements-3m.dita', 'FAILURE', () => topicWith('<p/>'.repeat(3 * million))),
    text('names-200k.dita', null, () => topicWith(many(200_000, (index) => `<n${index}/>`))),
    text('same-ids-300k.dita', 'SUCCESS', () => topicWith('<p id="a"/>'.repeat(300_000))),
    text('references-200k.dita', 'SUCCESS', () => topicWith(many(200_000, (index) => `<xref href="r${index}.dita"/>`))),
    text('conrefs-200k.dita', 'SUCCESS', () => topicWith(many(200_000, (index) => `<p conref="#t/c${index}"/>`))),
    text('keys-200k.ditamap', 'SUCCESS', () => `<map>${many(200_000, (index) => `<keydef keys="k${index}" href="k.dita"/>`)}</map>`),
    text(
      'keys-in-one-2mb.ditamap',
      null,
      () => `<map><keydef keys="${many(400_000, (index) => `k${index} `).slice(0, 3 * million)}"/></map>`,
    ),
    text(
      'props-200k.ditaval',
      'SUCCESS',
      () => `<val>${many(200_000, (index) => `<prop att="a${index}" val="x" action="include"/>`)}</val>`,
    ),
    text('columns.dita', null, () =>
      topicWith(
        `<table><tgroup cols="2147483647">${'<colspec colname="c"/>'.repeat(50_000)}<tbody>${'<row><entry morerows="2147483647" namest="c" nameend="c"/></row>'.repeat(50_000)}</tbody></tgroup></table>`,
      ),
    ),
    text('laughs.dita', 'FAILURE', () => laughs('&l12;')),
    text('laughs-in-attribute.dita', 'FAILURE', () => laughs('<p outputclass="&l12;"/>')),
    text('quadratic.dita', 'FAILURE', () => topicWith(`<p>${'&q;'.repeat(100_000)}</p>`, `<!ENTITY q "${'q'.repeat(100_000)}">`)),
    text('recursion.dita', 'FAILURE', () => topicWith('&a;', '<!ENTITY a "&b;"><!ENTITY b "&a;">')),
    text('entity-chain-50k.dita', 'FAILURE', () =>
      topicWith('&e49999;', `<!ENTITY e0 "x">${many(49_999, (index) => `<!ENTITY e${index + 1} "&e${index};">`)}`),
    ),
    text('declarations-300k.dita', 'FAILURE', () =>
      topicWith(
        '',
        many(300_000, (index) => `<!ENTITY d${index} "x">`),
      ),
    ),
    text('subset-20mb.dita', null, () => topicWith('', `<!--${'x'.repeat(20 * million)}-->`)),
    text('external-url.dita', 'FAILURE', () => external(canary.url)),
    text('external-file.dita', 'FAILURE', () => external(canary.file)),
    text('external-device.dita', 'FAILURE', () => external('file:///dev/random')),
    text('parameter-url.dita', null, () => parameter(canary.url)),
    text('parameter-file.dita', null, () => parameter(canary.file)),
    text('dtd-url.dita', 'SUCCESS', () => `<!DOCTYPE topic SYSTEM "${canary.url}"><topic id="t"><title>T</title></topic>`),
    text(
      'instructions.dita',
      null,
      () =>
        `<?xml-model href="${canary.url}"?><?xml-stylesheet href="${canary.url}" type="text/xsl"?>${topicWith(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${canary.file}" parse="text"/><image href="${canary.url}" scope="external" format="png"/>`)}`,
    ),
    { name: 'laughs-utf16.dita', status: 'FAILURE', content: () => Buffer.from(`\ufeff${laughs('&l12;')}`, 'utf16le') },
    { name: 'nul-20mb.dita', status: 'FAILURE', content: () => new Uint8Array(20 * million) },
    {
      name: 'overlong.dita',
      status: 'FAILURE',
      content: () => Buffer.concat([Buffer.from(doctype), Buffer.from([0xc0, 0xbc, 0xe0, 0x80, 0xbc])]),
    },
    text('json-deep.dita', 'FAILURE', () => '['.repeat(5 * million)),
  ]
}

/** Markdown, HTML and front matter that make naive readers go wild. */
export function hostileMarkup(): HostileContent[] {
  const patterns = [
    '[a](',
    'a_',
    '> ',
    '*a ',
    '`',
    '![',
    '<a ',
    '|a',
    '- ',
    '[a]: b\n',
    '\\',
    '**a*',
    '[[',
    '&#1;',
    '<!--',
    '~~a',
    '1. ',
    '    ',
  ]
  return [
    ...patterns.map((pattern, index) =>
      text(`pattern-${index}.md`, null, () => `# T\n\n${pattern.repeat(Math.ceil(million / pattern.length))}`),
    ),
    text('lists-nested.md', null, () => many(2000, (index) => `${' '.repeat(index * 2)}- a\n`)),
    text('too-large.md', 'FAILURE', () => `# T\n\n${'word '.repeat(2 * million)}`),
    text(
      'aliases.md',
      null,
      () =>
        `---\na0: &a0 [x,x,x,x,x,x,x,x,x]\n${many(9, (index) => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}]\n`)}---\n# T\n`,
    ),
    text('front-matter-deep.md', null, () => `---\na: ${'['.repeat(60_000)}\n---\n# T\n`),
    text('divs-1m.html', null, () => `<html><body>${'<div>'.repeat(million)}`),
    text('attributes-1m.html', null, () => `<html><body><a ${many(million, (index) => `b${index} `)}>`),
    text('unclosed-comment.html', null, () => `<html><body>${'<!--'.repeat(million)}`),
    text('deep.svg', 'FAILURE', () => `<svg xmlns="http://www.w3.org/2000/svg">${'<g>'.repeat(200_000)}`),
    text('laughs.svg', 'FAILURE', () => laughs('&l12;').replaceAll('topic', 'svg')),
  ]
}
