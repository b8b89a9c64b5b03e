import { createHash, randomBytes } from 'node:crypto'
import { readdir, rm, truncate } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attachment } from '../../src/http/present/content-disposition.ts'
import { eventually } from '../support/assay-api.ts'
import { admin, type HttpHarness, startHttpHarness } from './http-harness.ts'
import { parseAnswer, sendRaw } from './raw-request.ts'

let http: HttpHarness
const large = randomBytes(700_000)

beforeAll(async () => {
  http = await startHttpHarness()
  await http.put('/content/dam/get/small.dita', 'twelve bytes')
  await http.put('/content/dam/get/large.bin', large)
}, 60_000)
afterAll(() => http[Symbol.asyncDispose]())

const raw = (method: string, target: string, headers = '', body = '') =>
  sendRaw(
    http.url,
    `${method} ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: ${admin.authorization}\r\nConnection: close\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`,
  ).then(parseAnswer)

function assetAt(path: string) {
  return http.database.kysely.selectFrom('assay.asset').where('path', '=', path).selectAll().executeTakeFirst()
}

describe('uploading', () => {
  it('creates, replaces, and leaves the same bytes alone', async () => {
    const first = await http.put('/content/dam/put/a%20b.dita', 'one')
    expect(first.status).toBe(201)
    expect(first.headers.get('location')).toBe('/content/dam/put/a%20b.dita')
    const created = await first.json()
    expect(created).toEqual({ path: '/content/dam/put/a b.dita', uuid: expect.stringMatching(/^GUID-/), revision: 1, outcome: 'created' })
    expect(first.headers.get('x-asset-revision')).toBe('1')
    const second = await http.put('/content/dam/put/a%20b.dita', 'two')
    expect([second.status, await second.json()]).toEqual([200, { ...(created as object), revision: 2, outcome: 'updated' }])
    expect(second.headers.get('etag')).toBe(`"${createHash('sha256').update('two').digest('hex')}"`)
    const third = await http.put('/content/dam/put/a%20b.dita', 'two')
    expect([third.status, await third.json()]).toEqual([200, { ...(created as object), revision: 2, outcome: 'unchanged' }])
  })

  it('takes a large content, and an empty one', async () => {
    for (const content of [large, new Uint8Array(0)]) {
      expect((await http.put('/content/dam/put/size', content)).status).toBeLessThan(202)
      const response = await http.fetch('/content/dam/put/size')
      expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true)
    }
  })

  it('decodes each segment exactly once', async () => {
    for (const [target, path] of [
      ['/content/dam/enc/100%25.dita', '/content/dam/enc/100%.dita'],
      ['/content/dam/enc/%2541.dita', '/content/dam/enc/%41.dita'],
      ['/content/dam/enc/a+b,c;d=e@f$g.dita', '/content/dam/enc/a+b,c;d=e@f$g.dita'],
      ['/content/dam/enc/%23%3F%26.dita', '/content/dam/enc/#?&.dita'],
      ['/content/dam/enc/%C3%9Cber%F0%9F%98%80.dita', '/content/dam/enc/Über😀.dita'],
    ] as const) {
      expect((await raw('PUT', target, '', 'x')).status, target).toBe(201)
      expect(await assetAt(path), path).toBeDefined()
      expect((await raw('GET', target)).body).toBe('x')
    }
  })

  it.each([
    ['/content/dam/a%2Fb', 'ASSAY-MALFORMED-URL'],
    ['/content/dam/a%00b', 'ASSAY-INVALID-PATH'],
    ['/content/dam/%ff', 'ASSAY-MALFORMED-URL'],
    ['/content/dam/%e0%a4', 'ASSAY-MALFORMED-URL'],
    ['/content/dam/%ED%A0%80', 'ASSAY-MALFORMED-URL'],
    ['/content/dam/../etc/passwd', 'ASSAY-INVALID-PATH'],
    ['/content/dam/%2e%2e/x', 'ASSAY-INVALID-PATH'],
    ['/content/dam/a/%2E/b', 'ASSAY-INVALID-PATH'],
    ['/content/dam/folder/', 'ASSAY-INVALID-PATH'],
    ['/content/dam/', 'ASSAY-ROOT-FOLDER'],
    ['/content/dam', 'ASSAY-ROOT-FOLDER'],
    ['/content/dam/get/small.dita%20', 'ASSAY-INVALID-PATH'],
    ['/content/dam/get/%20small.dita', 'ASSAY-INVALID-PATH'],
    ['/content/dam/get%20/small.dita', 'ASSAY-INVALID-PATH'],
    [`/content/dam/${'x'.repeat(256)}`, 'ASSAY-INVALID-PATH'],
  ])('refuses %s', async (target, code) => {
    const before = await http.database.kysely.selectFrom('assay.asset').select('id').execute()
    const answer = await raw('PUT', target, '', 'x')
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([400, code])
    expect(await http.database.kysely.selectFrom('assay.asset').select('id').execute()).toEqual(before)
  })

  it('only creates for If-None-Match: *, and only replaces what If-Match names', async () => {
    const put = (body: string, headers: Record<string, string>) => http.fetch('/content/dam/put/cond', { method: 'PUT', body, headers })
    expect((await put('1', { 'if-match': '*' })).status).toBe(412)
    expect((await put('1', { 'if-none-match': '*' })).status).toBe(201)
    expect((await put('2', { 'if-none-match': '*' })).status).toBe(412)
    expect((await put('2', { 'if-match': '"other"' })).status).toBe(412)
    const etag = (await http.fetch('/content/dam/put/cond')).headers.get('etag')!
    expect((await put('2', { 'if-match': `W/${etag}` })).status).toBe(412)
    expect((await put('2', { 'if-match': etag })).status).toBe(200)
  })

  it('lets one of many writers that saw the same content replace it, and one of many create it', async () => {
    const path = '/content/dam/put/contended'
    const race = async (headers: Record<string, string>) => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => http.fetch(path, { method: 'PUT', body: `${index} ${JSON.stringify(headers)}`, headers })),
      )
      return answers.map(({ status }) => status).sort()
    }
    expect(await race({ 'if-none-match': '*' })).toEqual([201, ...Array(7).fill(412)])
    const etag = (await http.fetch(path)).headers.get('etag')!
    expect(await race({ 'if-match': etag })).toEqual([200, ...Array(7).fill(412)])
    expect((await http.fetch(path, { method: 'DELETE', headers: { 'if-match': etag } })).status).toBe(412)
    expect((await http.fetch('/content/dam/put', { method: 'DELETE', headers: { 'if-match': '*' } })).status).toBe(412)
    const current = (await http.fetch(path)).headers.get('etag')!
    expect((await http.fetch(path, { method: 'DELETE', headers: { 'if-match': current } })).status).toBe(200)
  })

  it('refuses compression, a part, too much, and a path that is a folder', async () => {
    expect((await raw('PUT', '/content/dam/put/z', 'Content-Encoding: gzip\r\n', 'x')).status).toBe(415)
    const part = await raw('PUT', '/content/dam/get/small.dita', 'Content-Range: bytes 5-5/9\r\n', 'x')
    expect([part.status, JSON.parse(part.body).code]).toEqual([400, 'ASSAY-INCOMPLETE-UPLOAD'])
    const announced = `PUT /content/dam/put/huge HTTP/1.1\r\nHost: x\r\nAuthorization: ${admin.authorization}\r\nConnection: close\r\nContent-Length: 9999999999\r\n\r\n`
    expect(parseAnswer(await sendRaw(http.url, announced)).status).toBe(413)
    expect((await http.put('/content/dam/get', 'x')).status).toBe(409)
    expect((await http.put('/content/dam/get/small.dita/below', 'x')).status).toBe(409)
  })

  it('leaves nothing of an upload that breaks off', async () => {
    const { hostname, port } = new URL(http.url)
    for (const sent of ['small', 'x'.repeat(300_000)]) {
      const socket = connect(Number(port), hostname)
      socket.write(
        `PUT /content/dam/put/broken HTTP/1.1\r\nHost: x\r\nAuthorization: ${admin.authorization}\r\nContent-Length: 400000\r\n\r\n${sent}`,
      )
      const arrived = Promise.withResolvers<void>()
      http.server.server.once('request', (request) => request.socket.once('close', () => arrived.resolve()))
      socket.end(() => socket.destroy())
      await arrived.promise
    }
    expect((await http.put('/content/dam/put/after', 'still serving')).status).toBe(201)
    expect(await assetAt('/content/dam/put/broken')).toBeUndefined()
    const files = await readdir(http.blobDirectory, { recursive: true, withFileTypes: true })
    expect(files.filter((file) => file.isFile() && file.parentPath.endsWith('growing'))).toEqual([])
  })
})

describe('downloading', () => {
  it('sends a file to be saved, never to be shown', async () => {
    const response = await http.fetch('/content/dam/get/small.dita')
    expect(await response.text()).toBe('twelve bytes')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; /)
    expect(response.headers.get('content-security-policy')).toContain('sandbox')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-length')).toBe('12')
    const again = await http.fetch('/content/dam/get/small.dita', { headers: { 'if-none-match': response.headers.get('etag')! } })
    expect(again.status).toBe(304)
  })

  it('sends nothing again by its date, and says no date as long as another content could get the same', async () => {
    const path = '/content/dam/get/dated.txt'
    expect((await http.put(path, 'twelve bytes')).status).toBe(201)
    expect((await http.fetch(path)).headers.get('last-modified')).toBeNull()
    await http.database.kysely
      .updateTable('assay.asset')
      .set({ received_at: new Date('2026-11-26T10:00:00.700Z') })
      .where('path', '=', path)
      .execute()
    const date = 'Thu, 26 Nov 2026 10:00:00 GMT'
    const etag = (await http.fetch(path)).headers.get('etag')!
    const statusOf = async (headers: Record<string, string>) => (await http.fetch(path, { headers })).status
    expect((await http.fetch(path)).headers.get('last-modified')).toBe(date)
    expect(await statusOf({ 'if-modified-since': date })).toBe(304)
    expect(await statusOf({ 'if-modified-since': 'Thursday, 26-Nov-26 10:00:00 GMT' })).toBe(304)
    expect(await statusOf({ 'if-modified-since': 'Thu, 26 Nov 2026 10:00:01 GMT' })).toBe(200)
    expect(await statusOf({ 'if-modified-since': 'yesterday' })).toBe(200)
    expect(await statusOf({ 'if-modified-since': date, 'if-none-match': '"another"' })).toBe(200)
    expect(await statusOf({ 'if-modified-since': 'yesterday', 'if-none-match': etag })).toBe(304)
    for (const [names, status] of [
      [date, 206],
      [etag, 206],
      [`W/${etag}`, 200],
      ['Thu, 26 Nov 2026 10:00:01 GMT', 200],
    ] as const)
      expect(await statusOf({ range: 'bytes=0-3', 'if-range': names }), names).toBe(status)
    expect(await statusOf({ 'if-match': '"another"' })).toBe(412)
    expect(await statusOf({ 'if-match': etag })).toBe(200)
    const before = 'Thu, 26 Nov 2026 09:59:59 GMT'
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const put = method === 'PUT' && { body: 'other bytes' }
      const response = await http.fetch(path, { method, ...put, headers: { 'if-unmodified-since': before } })
      expect([response.status, ((await response.json()) as { code: string }).code], method).toEqual([412, 'ASSAY-PRECONDITION-FAILED'])
    }
    expect(await statusOf({ 'if-unmodified-since': before, 'if-match': etag })).toBe(200)
    expect((await http.fetch(path, { method: 'DELETE', headers: { 'if-unmodified-since': date } })).status).toBe(200)
  })

  it.each<[string, (file: string) => Promise<void>, string]>([
    ['missing', (file) => rm(file), 'is not in the storage'],
    ['cut off', (file) => truncate(file, 1000), `has 1000 of its ${large.length + 7} bytes in the storage`],
  ])('says of a content that is %s in the storage what has happened and what to do', async (kind, damage, says) => {
    const path = `/content/dam/get/${kind.replace(' ', '-')}`
    const content = Buffer.concat([Buffer.from(kind.padEnd(7)), large])
    const { uuid } = (await (await http.put(path, content)).json()) as { uuid: string }
    const key = createHash('sha256').update(content).digest('hex')
    await damage(join(http.blobDirectory, 'blobs', key.slice(0, 2), key.slice(2, 4), key))
    const response = await http.fetch(path)
    const { code, detail, remedy } = (await response.json()) as Record<string, string>
    expect([response.status, code, detail]).toEqual([500, 'ASSAY-CONTENT-LOST', `The content of ${path} (${uuid}) ${says}.`])
    expect(remedy).toContain('upload its content again')
    expect(['etag', 'last-modified', 'content-disposition'].filter((name) => response.headers.has(name))).toEqual([])
    // The same bytes once more.
    await http.put(path, content)
    expect(Buffer.from(await (await http.fetch(path)).arrayBuffer()).equals(content)).toBe(true)
  })

  it('says the same of a small content whose pack is gone', async () => {
    await http.put('/content/dam/get/packed.txt', 'in a pack')
    const { pack_id } = (await assetAt('/content/dam/get/packed.txt'))!
    await http.database.kysely.deleteFrom('assay.content_pack').where('id', '=', pack_id!).execute()
    const response = await http.fetch('/content/dam/get/packed.txt')
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([500, 'ASSAY-CONTENT-LOST'])
  })

  it('leaves no content open for who has gone before its first byte', async () => {
    const [asked, gone, seen] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const content = Readable.from([large])
    const read = async () => {
      asked.resolve()
      await gone.promise
      return content
    }
    await using own = await startHttpHarness({ blobs: { read, sizeOf: async () => large.length } })
    await own.put('/content/dam/left.bin', large)
    own.server.server.once('request', (_request, response) => response.once('close', seen.resolve))
    const leaving = new AbortController()
    const answer = own.fetch('/content/dam/left.bin', { signal: leaving.signal }).catch(Boolean)
    await asked.promise
    leaving.abort()
    await answer
    await seen.promise
    gone.resolve()
    await eventually(async () => content.destroyed, Boolean)
  })

  it('tells the size without the content', async () => {
    const response = await http.fetch('/content/dam/get/large.bin', { method: 'HEAD' })
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, String(large.length), ''])
  })

  it.each([
    ['small.dita', 'bytes=0-3', 206, 'twel', 'bytes 0-3/12'],
    ['small.dita', 'bytes=7-', 206, 'bytes', 'bytes 7-11/12'],
    ['small.dita', 'bytes=-2', 206, 'es', 'bytes 10-11/12'],
    ['small.dita', 'bytes=-99', 206, 'twelve bytes', 'bytes 0-11/12'],
    ['small.dita', 'bytes=12-', 416, null, 'bytes */12'],
    ['small.dita', 'bytes=-0', 416, null, 'bytes */12'],
    ['small.dita', 'bytes=3-1', 200, 'twelve bytes', null],
    ['small.dita', 'lines=1-2', 200, 'twelve bytes', null],
    ['small.dita', 'bytes=0-1,4-5', 200, 'twelve bytes', null],
    ['large.bin', 'bytes=400000-400003', 206, large.subarray(400_000, 400_004).toString('latin1'), `bytes 400000-400003/${large.length}`],
  ])('%s with %s: %i', async (name, range, status, body, contentRange) => {
    const response = await http.fetch(`/content/dam/get/${name}`, { headers: { range } })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-range')).toBe(contentRange)
    const bytes = Buffer.from(await response.arrayBuffer())
    if (body !== null) expect(bytes.toString('latin1')).toBe(body)
  })

  it('gives a valid header for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const header = attachment(name)
        expect(header).toMatch(/^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[\w!#$&+.^`|~%-]*$/)
        expect(decodeURIComponent(header.slice(header.indexOf("''") + 2))).toBe(name.toWellFormed())
      }),
    )
  })
})

describe('removing', () => {
  it('takes a name with a blank at its end for no other, and says what the root folder is', async () => {
    for (const method of ['GET', 'DELETE'])
      expect((await http.fetch('/content/dam/get/small.dita%20', { method })).status, method).toBe(404)
    expect(await (await http.fetch('/content/dam/get/small.dita')).text()).toBe('twelve bytes')
    for (const target of ['/content/dam', '/content/dam/']) {
      const answers = await Promise.all(['GET', 'DELETE'].map(async (method) => JSON.parse((await raw(method, target)).body)))
      expect(answers).toMatchObject([
        { status: 404, detail: expect.stringContaining('folder') },
        { status: 400, code: 'ASSAY-ROOT-FOLDER' },
      ])
    }
  })

  it('removes an asset, then a folder with all below it, then finds nothing', async () => {
    for (const name of ['a', 'b', 'sub/c']) await http.put(`/content/dam/del/${name}`, name)
    const remove = async (path: string) => {
      const response = await http.fetch(path, { method: 'DELETE' })
      return [response.status, await response.json()]
    }
    expect(await remove('/content/dam/del/a')).toEqual([200, { path: '/content/dam/del/a', removedAssets: 1 }])
    expect(await remove('/content/dam/del/')).toEqual([200, { path: '/content/dam/del', removedAssets: 2 }])
    expect(await remove('/content/dam/del')).toMatchObject([404, { code: 'ASSAY-ASSET-NOT-FOUND' }])
    expect((await raw('DELETE', '/content/dam/', 'Content-Type: application/json\r\n')).status).toBe(400)
  })
})
