import { describe, expect, test } from 'vitest'
import { readDocument } from '../../src/dita/read-document.ts'
import { readExcerpts } from '../../src/dita/read-excerpts.ts'
import type { AssetType } from '../../src/model/asset-type.ts'

const xml = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>\r\n<topic id="t"><title>Ü</title><body>
  <p>Größe <xref href="fehlt.dita"/></p></body></topic>`
const line = '<p>Größe <xref href="fehlt.dita"/></p></body></topic>'
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()

describe('the line around a reference', () => {
  test.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(xml('utf-8'))],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${xml('utf-8')}`)],
    ['UTF-16', Buffer.from(`\ufeff${xml('utf-16')}`, 'utf16le')],
    ['UTF-16, big end first', utf16be(`\ufeff${xml('utf-16')}`)],
    ['Latin-1', Buffer.from(xml('iso-8859-1'), 'latin1')],
    ['windows-1252', Buffer.from(xml('windows-1252'), 'latin1')],
  ])('is cut from %s', (_encoding, bytes) => {
    const { references } = readDocument('/content/dam/a.dita', bytes).reading!
    expect(references).toMatchObject([{ line: 3, column: 18 }])
    expect(readExcerpts('DITATOPIC', bytes, references)).toEqual([line])
  })

  test.each<[AssetType, string, string]>([
    ['MARKDOWN', 'a.md', '---\ntitle: Ü\n---\n\nSee [there](fehlt.md).'],
    ['HTML/CSS', 'a.html', '<html><head><title>Ü</title></head><body>\n\n<p>See <a href="fehlt.html">there</a>.</p></body></html>'],
  ])('is cut from %s', (type, name, text) => {
    const bytes = Buffer.from(text)
    const { reading } = readDocument(`/content/dam/${name}`, bytes)
    expect(readExcerpts(type, bytes, reading!.references)).toEqual([text.split('\n').at(-1)])
  })

  test('is shortened with the place inside', () => {
    const bytes = Buffer.from(`<t>${'é'.repeat(500)}<xref href="x"/>${'é'.repeat(500)}</t>`)
    const [excerpt] = readExcerpts('DITATOPIC', bytes, [{ line: 1, column: 504 }])
    expect([...excerpt!].length).toBeLessThanOrEqual(160)
    expect(excerpt).toContain('é<xref href="x"/>é')
  })
})

describe('of a document that cannot be decoded', () => {
  test.each<[string, Uint8Array, string | null]>([
    ['invalid UTF-8', Buffer.from('<t>\xe9t\xe9</t>', 'latin1'), '<t>\ufffdt\ufffd</t>'],
    ['an unknown encoding', Buffer.from('<?xml version="1.0" encoding="x-none"?><t/>'), '<?xml version="1.0" encoding="x-none"?><t/>'],
    [
      'a mark that contradicts the declaration',
      Buffer.from('\ufeff<?xml version="1.0" encoding="utf-8"?>', 'utf16le'),
      '<?xml version="1.0" encoding="utf-8"?>',
    ],
    ['an empty one', Buffer.from(' \n'), null],
  ])('the line is shown as far as it can be: %s', (_what, bytes, expected) => {
    const { line, column } = readDocument('/content/dam/a.dita', bytes).failure!.place!
    expect(readExcerpts('DITATOPIC', bytes, [{ line, column }])).toEqual([expected])
  })
})
