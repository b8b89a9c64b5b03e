import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HttpHarness, startHttpHarness } from './http-harness.ts'

let http: HttpHarness
const folder = '/content/dam/servlet'
const content = randomBytes(500_000)

beforeAll(async () => {
  http = await startHttpHarness()
  const body = JSON.stringify({ path: folder })
  await http.fetch('/api/v1/folders', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
}, 60_000)
afterAll(() => http[Symbol.asyncDispose]())

type Fields = readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[]

function post(name: string, fields: Fields, headers: Record<string, string> = {}, target = folder): Promise<Response> {
  const form = new FormData()
  for (const [field, value] of fields) form.append(field, typeof value === 'string' ? value : new File([value], name))
  return http.fetch(`${target}.createasset.html`, { method: 'POST', body: form, headers })
}

function sendChunk(name: string, from: number, to: number, more: Fields = []): Promise<Response> {
  const fields: Fields = [
    ['_charset_', 'utf-8'],
    ['file@Offset', String(from)],
    ['chunk@Length', String(to - from)],
    ['file@Length', String(content.length)],
    ...more,
    ['file', content.subarray(from, to)],
  ]
  return post(name, fields, { 'x-chunked-content-type': 'application/pdf', 'x-chunked-total-size': String(content.length) })
}

const bytesOf = async (name: string) => Buffer.from(await (await http.fetch(`${folder}/${encodeURIComponent(name)}`)).arrayBuffer())
const partsKept = async () => (await http.database.kysely.selectFrom('assay.upload_part').select('number').execute()).length
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code]

describe('a file from a form', () => {
  it.each(['a.svg', 'b,c.dita', 'h+i.dita', 'l;m.dita', "d'e (1).dita", 'Überß 名.dita'])('is called %s', async (name) => {
    const answer = await post(name, [
      ['_charset_', 'utf-8'],
      ['file', content.subarray(0, 100)],
    ])
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect((await bytesOf(name)).equals(content.subarray(0, 100))).toBe(true)
  })

  it('is called as the field fileName says, wherever it stands', async () => {
    expect(
      (
        await post('local.bin', [
          ['file', content.subarray(0, 5)],
          ['fileName', 'named.bin'],
        ])
      ).status,
    ).toBe(200)
    expect(await bytesOf('named.bin')).toHaveLength(5)
  })

  it('replaces the content of an asset that is there', async () => {
    for (const size of [1, 2]) expect((await post('again.bin', [['file', content.subarray(0, size)]])).status).toBe(200)
    expect(await bytesOf('again.bin')).toHaveLength(2)
  })

  it('is refused with a reason', async () => {
    const file: Fields = [['file', content.subarray(0, 1)]]
    expect(await codeOf(await post('a.bin', file, {}, '/content/dam/none'))).toEqual([404, 'ASSAY-FOLDER-NOT-FOUND'])
    expect(await codeOf(await post('a/b.bin', file))).toEqual([400, 'ASSAY-INVALID-INPUT'])
    expect(await codeOf(await post('..', file))).toEqual([400, 'ASSAY-INVALID-INPUT'])
    expect(await codeOf(await post('a.bin', [['fileName', 'a.bin']]))).toEqual([400, 'ASSAY-INVALID-INPUT'])
    expect(await codeOf(await http.fetch(`${folder}.createasset.html`, { method: 'POST', body: 'text' }))).toEqual([
      400,
      'ASSAY-INVALID-INPUT',
    ])
    await http.put(`${folder}/below/x`, 'x')
    expect(await codeOf(await post('below', file))).toEqual([409, 'ASSAY-CONFLICT'])
  })
})

describe('a file in chunks', () => {
  it('is an asset when the last chunk is there, with the type of the header', async () => {
    for (const [from, to] of [
      [0, 200_000],
      [200_000, 400_000],
    ] as const)
      expect((await sendChunk('c.pdf', from, to)).status).toBe(200)
    expect((await http.fetch(`${folder}/c.pdf`)).status).toBe(404)
    // The answer was lost, and the chunk comes again.
    expect((await sendChunk('c.pdf', 200_000, 400_000)).status).toBe(200)
    for (let count = 0; count < 2; count++) expect((await sendChunk('c.pdf', 400_000, 500_000)).status).toBe(200)
    expect((await bytesOf('c.pdf')).equals(content)).toBe(true)
    const response = await http.fetch(`${folder}/c.pdf`, { method: 'HEAD' })
    expect(response.headers.get('content-type')).toBe('application/pdf')
    expect(await partsKept()).toBe(0)
  })

  it('can be sent anew, whole or after it broke off', async () => {
    expect((await sendChunk('anew.bin', 0, 300_000)).status).toBe(200)
    for (let count = 0; count < 2; count++) {
      for (const [from, to] of [
        [0, 250_000],
        [250_000, 500_000],
      ] as const)
        expect((await sendChunk('anew.bin', from, to)).status).toBe(200)
    }
    expect((await bytesOf('anew.bin')).equals(content)).toBe(true)
  })

  it('is refused when chunks are missing, too long, or not what they say', async () => {
    expect(await codeOf(await sendChunk('gap.bin', 100, 200))).toEqual([400, 'ASSAY-INCOMPLETE-UPLOAD'])
    expect(await codeOf(await sendChunk('gap.bin', 0, 100, [['chunk@Length', '99']]))).toEqual([400, 'ASSAY-INVALID-INPUT'])
    expect(await codeOf(await sendChunk('gap.bin', 0, 100, [['file@Length', '50']]))).toEqual([400, 'ASSAY-INCOMPLETE-UPLOAD'])
    expect(await codeOf(await sendChunk('gap.bin', 0, 100, [['file@Length', 'x']]))).toEqual([400, 'ASSAY-INVALID-INPUT'])
    expect(
      await codeOf(
        await post('gap.bin', [
          ['file@Offset', '0'],
          ['file', content],
        ]),
      ),
    ).toEqual([400, 'ASSAY-INVALID-INPUT'])
    expect((await http.fetch(`${folder}/gap.bin`)).status).toBe(404)
  })
})
