import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportResult } from '../../src/contract/dam/import.ts'
import { maxArchiveFilesPerRequest } from '../../src/model/limits.ts'
import { openSocket } from '../support/raw-http.ts'
import { type HandMade, tarBytes } from '../support/tar-bytes.ts'
import { admin, type HttpHarness, startHttpHarness } from './http-harness.ts'

let http: HttpHarness

beforeAll(async () => {
  http = await startHttpHarness()
}, 60_000)
afterAll(() => http[Symbol.asyncDispose]())

type Entry = readonly [name: string, value: string] | { readonly file: string; readonly content: string }

async function importAll(entries: readonly Entry[], query = ''): Promise<{ status: number; answer: ImportResult & { code?: string } }> {
  const response = await http.fetch(`/bin/guides/v1/asset/import${query}`, { method: 'POST', body: formOf(entries) })
  return { status: response.status, answer: (await response.json()) as ImportResult }
}

function formOf(entries: readonly Entry[]): FormData {
  const form = new FormData()
  for (const entry of entries) {
    if ('file' in entry) form.append('file', new Blob([entry.content]), entry.file)
    else form.append(entry[0], entry[1])
  }
  return form
}

const file = (name: string, content = name): Entry => ({ file: name, content })

async function pathsBelow(folder: string): Promise<string[]> {
  const { items } = (await (await http.fetch(`/api/v1/assets?folder=${folder}`)).json()) as { items: { path: string }[] }
  return items.map((item) => item.path)
}

describe('an import', () => {
  it('keeps the folders in the names, of any spelling', async () => {
    const names = ['a.dita', 'sub/deep/b.dita', 'ünï cödé/ß & +.dita', '/leading.dita', 'a//double.dita', 'per%20cent.dita']
    const { status, answer } = await importAll([['target', '/content/dam/names'], ...names.map((name) => file(name))])
    expect(status).toBe(200)
    expect(answer).toMatchObject({ target: '/content/dam/names', received: 6, skipped: 0, failed: 0 })
    expect(answer.files.map((entry) => entry.name)).toEqual(names)
    expect(await pathsBelow('/content/dam/names')).toEqual([
      '/content/dam/names/a.dita',
      '/content/dam/names/a/double.dita',
      '/content/dam/names/leading.dita',
      '/content/dam/names/per%20cent.dita',
      '/content/dam/names/sub/deep/b.dita',
      '/content/dam/names/ünï cödé/ß & +.dita',
    ])
  })

  it('lets nothing out of the target, and one bad file stops no other', async () => {
    const bad = ['../up.dita', 'a/../../up.dita', 'x/./y.dita', `${'n'.repeat(300)}.dita`, 'good.dita ', ' /good.dita']
    const { status, answer } = await importAll([['path', '/content/dam/bad'], ...bad.map((name) => file(name)), file('good.dita')])
    expect(status).toBe(200)
    expect(answer).toMatchObject({ received: 1, failed: 6 })
    for (const entry of answer.files.slice(0, 6))
      expect(entry).toMatchObject({ outcome: 'failed', error: { status: 400, code: 'ASSAY-INVALID-PATH' } })
    expect(await pathsBelow('/content/dam/bad')).toEqual(['/content/dam/bad/good.dita'])
  })

  it('goes on after a large file that is refused', async () => {
    await importAll([['target', '/content/dam/refused'], file('taken.bin', 'x')])
    const fields: Entry[] = [
      ['target', '/content/dam/refused'],
      ['conflict', 'fail'],
    ]
    const content = 'y'.repeat(1_000_000)
    const { answer } = await importAll([...fields, file('../out.bin', content), file('taken.bin', content), file('next.dita')])
    expect(answer.files).toMatchObject([{ error: { status: 400 } }, { error: { status: 409 } }, { outcome: 'created' }])
  })

  it.each([
    ['overwrite', { outcome: 'updated', revision: 2 }],
    ['skip', { outcome: 'skipped', revision: 1 }],
    ['fail', { outcome: 'failed', error: { status: 409, code: 'ASSAY-CONFLICT' } }],
  ])('follows the rule %s, wherever its field stands', async (rule, expected) => {
    for (const order of ['before', 'after']) {
      const target: Entry = ['target', `/content/dam/rule/${rule}-${order}`]
      await importAll([target, file('a.dita', 'old')])
      const fields: Entry[] = [target, ['conflict', rule]]
      const files = [file('a.dita', 'new'), file('b.dita')]
      const { answer } = await importAll(order === 'before' ? [...fields, ...files] : [...files, ...fields])
      expect(answer.files).toMatchObject([expected, { outcome: 'created' }])
    }
  })

  it('takes the fields from the query as well, and streams what is large', async () => {
    const content = 'x'.repeat(3_000_000)
    const { answer } = await importAll([file('large.bin', content)], '?target=/content/dam/large&conflict=overwrite')
    expect(answer).toMatchObject({ received: 1 })
    expect(await (await http.fetch('/content/dam/large/large.bin')).text()).toBe(content)
  })

  it.each([
    ['no target', [file('a')]],
    ['a target elsewhere', [['target', '/etc'], file('a')]],
    ['a target with ..', [['target', '/content/dam/../x'], file('a')]],
    ['an unknown rule', [['target', '/content/dam/x'], ['conflict', 'merge'], file('a')]],
    ['two targets', [['target', '/content/dam/x'], ['target', '/content/dam/y'], file('a')]],
  ] satisfies [string, Entry[]][])('is refused with %s', async (_what, entries) => {
    const { status, answer } = await importAll(entries)
    expect(status).toBe(400)
    expect(answer.code).toMatch(/^ASSAY-INVALID-/)
  })

  it.each(['?target=/content/dam/x&target=/content/dam/y', '?target=%ff', '?conflict=fail&conflict=none'])(
    'is refused with %s',
    async (query) => {
      expect((await importAll([file('a')], query)).status).toBe(400)
    },
  )

  it.each([
    ['/bin/guides/v1/asset/import', [['target', '/etc'], file('large', 'x'.repeat(8_000_000))]],
    ['/content/dam.createasset.html', [file('large', 'x'.repeat(8_000_000)), file('another', 'x'.repeat(8_000_000))]],
  ] as const)(
    'to %s that is refused is read to its end, so that the answer arrives and the connection is of use',
    async (target, entries) => {
      const request = new Request(http.url, { method: 'POST', body: formOf(entries) })
      const body = Buffer.from(await request.arrayBuffer())
      const socket = await openSocket(http.url)
      const { authorization } = admin
      const type = request.headers.get('content-type')
      const fields = `Host: x\r\nAuthorization: ${authorization}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}`
      socket.write(`POST ${target} HTTP/1.1\r\n${fields}\r\n\r\n`)
      socket.write(body)
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      const answers = (await buffer(socket)).toString()
      expect([...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['400', '200'])
    },
  )

  it('answers what is no multipart, and what breaks off', async () => {
    const post = (body: string, type: string) =>
      http
        .fetch('/bin/guides/v1/asset/import', { method: 'POST', body, headers: { 'content-type': type } })
        .then((response) => response.status)
    expect(await post('{}', 'application/json')).toBe(415)
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=y']) expect(await post('nothing', type)).toBe(400)
    const file = 'Content-Disposition: form-data; name="f"; filename="f"'
    expect(await post(`--x\r\n${file}\r\n\r\nhalf`, 'multipart/form-data; boundary=x')).toBe(400)
    expect(await post('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nhalf', 'multipart/form-data; boundary=x')).toBe(400)
  })
})

describe('an import of an archive', () => {
  const importTar = async (query: string, body: Uint8Array<ArrayBuffer> | string, type = 'application/x-tar') => {
    const response = await http.fetch(`/bin/guides/v1/asset/import${query}`, { method: 'POST', body, headers: { 'content-type': type } })
    return { status: response.status, answer: (await response.json()) as ImportResult & { code?: string; detail?: string } }
  }

  it('takes its files, and says of each other member why not', async () => {
    const large = 'x'.repeat(1_000_000)
    const members: HandMade[] = [
      { name: './', kind: '5' },
      { name: './a.dita', content: 'a' },
      { name: '../out.dita', content: 'b' },
      { name: '../out.bin', content: large },
      { name: 'link.dita', kind: '2' },
      { name: 'deep/large.bin', content: large },
      { name: '/rooted.dita' },
      { name: 'a.dita', content: 'again' },
    ]
    const { status, answer } = await importTar('?target=/content/dam/tar', tarBytes(members), 'application/x-tar; charset=binary')
    expect(status).toBe(200)
    expect(answer).toMatchObject({ target: '/content/dam/tar', received: 4, skipped: 0, failed: 3 })
    expect(answer.files.map(({ name, outcome, error }) => [name, outcome, error?.code])).toEqual([
      ['a.dita', 'created', undefined],
      ['../out.dita', 'failed', 'ASSAY-INVALID-PATH'],
      ['../out.bin', 'failed', 'ASSAY-INVALID-PATH'],
      ['link.dita', 'failed', 'ASSAY-INVALID-INPUT'],
      ['deep/large.bin', 'created', undefined],
      ['/rooted.dita', 'created', undefined],
      ['a.dita', 'updated', undefined],
    ])
    const folder = '/content/dam/tar'
    expect(await pathsBelow(folder)).toEqual([`${folder}/a.dita`, `${folder}/deep/large.bin`, `${folder}/rooted.dita`])
    expect(await (await http.fetch(`${folder}/a.dita`)).text()).toBe('again')
    expect(await (await http.fetch(`${folder}/deep/large.bin`)).text()).toBe(large)
  })

  it('follows the conflict rule of the query', async () => {
    const archive = tarBytes([{ name: 'a.dita', content: 'new' }])
    await importAll([['target', '/content/dam/tar-rule'], file('a.dita', 'old')])
    const again = async (rule: string) => (await importTar(`?target=/content/dam/tar-rule&conflict=${rule}`, archive)).answer.files
    expect(await again('skip')).toMatchObject([{ outcome: 'skipped' }])
    expect(await again('fail')).toMatchObject([{ outcome: 'failed', error: { status: 409 } }])
    expect(await again('overwrite')).toMatchObject([{ outcome: 'updated' }])
  })

  it('is refused without a target, as what it is not, broken off, or with too many files', async () => {
    const query = '?target=/content/dam/tar-bad'
    expect(await importTar('', tarBytes([]))).toMatchObject({ status: 400, answer: { code: 'ASSAY-INVALID-INPUT' } })
    const malformed = { status: 400, answer: { code: 'ASSAY-MALFORMED-BODY' } }
    for (const body of ['', '<topic/>', tarBytes([{ name: 'a', kind: '2' }], { open: true })]) {
      expect(await importTar(query, body)).toMatchObject(malformed)
    }
    const link = tarBytes([{ name: 'link', kind: '2' }], { open: true })
    const many = Buffer.concat(Array(maxArchiveFilesPerRequest + 1).fill(link))
    expect(await importTar(query, many)).toMatchObject({ status: 413, answer: { detail: expect.stringContaining('10000 files') } })
    expect(await importTar(query, tarBytes([]))).toMatchObject({ status: 200, answer: { received: 0, failed: 0, files: [] } })
    expect(await pathsBelow('/content/dam/tar-bad')).toEqual([])
  })
})
