import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InitiatedUpload } from '../../src/contract/dam/direct-upload.ts'
import { UploadSignatures } from '../../src/http/auth/upload-signatures.ts'
import { directUploadGraceMs, directUploadMs, maxUploadPartBytes } from '../../src/model/limits.ts'
import { admin, type HttpHarness, startHttpHarness } from './http-harness.ts'
import { parseAnswer, sendRaw } from './raw-request.ts'

let http: HttpHarness
const uploadKey = randomBytes(32)
const folder = '/content/dam/direct'

beforeAll(async () => {
  http = await startHttpHarness({ uploadKey })
  await createFolder('direct')
}, 60_000)
afterAll(() => http[Symbol.asyncDispose]())

function createFolder(name: string, body: object = { class: 'assetFolder', properties: { 'jcr:title': name } }) {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return http.fetch(`/api/assets/${name}`, init)
}

function post(address: string, pairs: readonly (readonly [string, string])[], headers: Record<string, string> = {}) {
  const body = new URLSearchParams(pairs as [string, string][]).toString()
  return http.fetch(address, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } })
}

async function initiate(...files: readonly (readonly [name: string, size: number])[]): Promise<InitiatedUpload> {
  const pairs = files.flatMap(([name, size]) => [['fileName', name] as const, ['fileSize', String(size)] as const])
  const response = await post(`${folder}.initiateUpload.json`, pairs)
  expect(response.status, await response.clone().text()).toBe(201)
  return (await response.json()) as InitiatedUpload
}

/** As the clients do it: without a credential. */
const put = (uri: string, body: string | Uint8Array) => fetch(uri, { method: 'PUT', body: body as string })

function complete(name: string, size: number, token: string, more: Record<string, string> = {}) {
  const fields = { fileName: name, fileSize: String(size), mimeType: 'text/plain', uploadToken: token, ...more }
  return post(`${folder}.completeUpload.json`, Object.entries(fields))
}

async function problemOf(response: Response) {
  const { status, code } = (await response.json()) as { status: number; code: string }
  expect(response.status).toBe(status)
  return [status, code]
}

const bytesOf = async (path: string) => Buffer.from(await (await http.fetch(path)).arrayBuffer())
const countRows = (table: 'assay.upload_part' | 'assay.asset') =>
  http.database.kysely
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()

describe('a direct upload', () => {
  it('becomes an asset when it is completed, and leaves no parts', async () => {
    const { files, completeURI, folderPath } = await initiate(['a.dita', 5])
    expect([completeURI, folderPath]).toEqual([`${folder}.completeUpload.json`, folder])
    expect(files[0]).toMatchObject({ fileName: 'a.dita', mimeType: 'application/dita+xml', maxPartSize: maxUploadPartBytes })
    expect(files[0]!.uploadURIs).toHaveLength(1)
    const [uri] = files[0]!.uploadURIs
    expect((await put(uri!, 'wrong')).status).toBe(201)
    expect((await put(uri!, 'right')).status).toBe(201)
    expect((await http.fetch(`${folder}/a.dita`)).status).toBe(404)
    const answer = await complete('a.dita', 5, files[0]!.uploadToken, { createVersion: 'true', replace: 'true', versionLabel: 'v1' })
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { path: `${folder}/a.dita`, outcome: 'created', uuid: expect.stringMatching(/^GUID-/), revision: 1 },
    ])
    expect((await bytesOf(`${folder}/a.dita`)).toString()).toBe('right')
    expect(await countRows('assay.upload_part')).toEqual({ count: 0 })
    const event = await http.database.kysely
      .selectFrom('assay.event')
      .where('path', '=', `${folder}/a.dita`)
      .select('detail')
      .executeTakeFirstOrThrow()
    expect(JSON.parse(event.detail!)).toEqual({ createVersion: true, replace: false, versionLabel: 'v1' })
  })

  it('changes nothing when it is completed again, whatever has happened since', async () => {
    const { files } = await initiate(['again.dita', 3])
    await put(files[0]!.uploadURIs[0]!, 'one')
    expect((await complete('again.dita', 3, files[0]!.uploadToken)).status).toBe(200)
    await http.put(`${folder}/again.dita`, 'newer')
    const repeated = await complete('again.dita', 3, files[0]!.uploadToken)
    expect([repeated.status, await repeated.json()]).toEqual([200, { path: `${folder}/again.dita`, outcome: 'repeated' }])
    expect((await bytesOf(`${folder}/again.dita`)).toString()).toBe('newer')
  })

  it('counts once when it is completed twice at the same moment', async () => {
    const { files } = await initiate(['twice.dita', 3])
    await put(files[0]!.uploadURIs[0]!, 'two')
    const answers = await Promise.all([1, 2, 3].map(() => complete('twice.dita', 3, files[0]!.uploadToken)))
    const outcomes = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { outcome: string }).outcome))
    expect(outcomes.sort()).toEqual(['created', 'repeated', 'repeated'])
  })

  it('joins parts that come in any order, large and small, and leaves addresses unused', async () => {
    const upload = 'd9428888-122b-41e1-b85c-61cd3cbb3210'
    const signatures = new UploadSignatures(uploadKey)
    const expiresAt = new Date(Date.now() + 60_000)
    const parts = [randomBytes(200_000), Buffer.from('middle'), randomBytes(150_000)]
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    const address = (number: number) => http.url + signatures.createPartAddress({ upload, number, limitBytes: 200_000, expiresAt })
    const token = signatures.createToken({ upload, expiresAt }, `${folder}/parts.bin`)
    for (const number of [2, 0]) expect((await put(address(number), parts[number]!)).status).toBe(201)
    expect(await problemOf(await complete('parts.bin', size, token))).toEqual([400, 'ASSAY-INCOMPLETE-UPLOAD'])
    expect((await put(address(1), parts[1]!)).status).toBe(201)
    expect(await problemOf(await complete('parts.bin', size + 1, token))).toEqual([400, 'ASSAY-INCOMPLETE-UPLOAD'])
    expect((await complete('parts.bin', size, token)).status).toBe(200)
    expect(
      createHash('sha256')
        .update(await bytesOf(`${folder}/parts.bin`))
        .digest('hex'),
    ).toBe(createHash('sha256').update(Buffer.concat(parts)).digest('hex'))
  })

  it('takes an empty file, with and without a part', async () => {
    const { files } = await initiate(['empty-1', 0], ['empty-2', 0])
    expect((await put(files[0]!.uploadURIs[0]!, '')).status).toBe(201)
    for (const { fileName, uploadToken } of files) expect((await complete(fileName, 0, uploadToken)).status, fileName).toBe(200)
  })

  it('offers as many addresses as parts may be needed', async () => {
    const { files } = await initiate(['250.bin', 250 * 1024 * 1024], ['100.bin', 100 * 1024 * 1024])
    expect(files.map(({ uploadURIs }) => uploadURIs.length)).toEqual([3, 1])
  })

  it('keeps its parts when something stands in its way, so that it can be completed later', async () => {
    const { files } = await initiate(['taken', 1])
    await put(files[0]!.uploadURIs[0]!, 'x')
    await createFolder('direct/taken')
    expect(await problemOf(await complete('taken', 1, files[0]!.uploadToken))).toEqual([409, 'ASSAY-CONFLICT'])
    await http.fetch(`${folder}/taken`, { method: 'DELETE' })
    expect((await complete('taken', 1, files[0]!.uploadToken)).status).toBe(200)
  })
})

describe('announcing files', () => {
  it('takes the form of clients before 2.0: all names, then all sizes', async () => {
    const pairs = [
      ['path', folder],
      ['fileName', 'b,c.dita'],
      ['fileName', 'd+e.dita'],
      ['fileSize', '1'],
      ['fileSize', '2'],
    ] as const
    const response = await post(`${folder}.initiateUpload.json`, pairs)
    const { files } = (await response.json()) as InitiatedUpload
    expect(files.map(({ fileName }) => fileName)).toEqual(['b,c.dita', 'd+e.dita'])
  })

  it('reads a form that is announced twice, first as JSON', async () => {
    const head = `POST ${folder}.initiateUpload.json HTTP/1.1\r\nHost: files.example:8080\r\nAuthorization: ${admin.authorization}\r\n`
    const types = 'Content-Type: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n'
    const answer = parseAnswer(
      await sendRaw(http.url, `${head}${types}Connection: close\r\nContent-Length: 27\r\n\r\nfileName=a.dita&fileSize=33`),
    )
    expect(answer.status).toBe(201)
    expect((JSON.parse(answer.body) as InitiatedUpload).files[0]!.uploadURIs[0]).toMatch(/^http:\/\/files\.example:8080\/uploads\//)
  })

  it('believes no X-Forwarded header of a stranger', async () => {
    const response = await post(
      `${folder}.initiateUpload.json`,
      [
        ['fileName', 'a'],
        ['fileSize', '1'],
      ],
      { 'x-forwarded-host': 'evil.example' },
    )
    expect(((await response.json()) as InitiatedUpload).files[0]!.uploadURIs[0]).toMatch(new RegExp(`^${http.url}/uploads/`))
  })

  it('stores nothing', async () => {
    const before = await countRows('assay.upload_part')
    await initiate(['never.dita', 10])
    expect(await countRows('assay.upload_part')).toEqual(before)
  })

  it.each([
    ['nothing', [], '/fileName'],
    ['a name without a size', [['fileName', 'a']], '/fileSize'],
    [
      'a slash',
      [
        ['fileName', 'a/b'],
        ['fileSize', '1'],
      ],
      '/fileName/0',
    ],
    [
      'dots',
      [
        ['fileName', '..'],
        ['fileSize', '1'],
      ],
      '/fileName/0',
    ],
    [
      'an empty name',
      [
        ['fileName', ''],
        ['fileSize', '1'],
      ],
      '/fileName/0',
    ],
    [
      'a control character',
      [
        ['fileName', 'a\u0000'],
        ['fileSize', '1'],
      ],
      '/fileName/0',
    ],
    [
      'a size that is none',
      [
        ['fileName', 'a'],
        ['fileSize', '1e3'],
      ],
      '/fileSize/0',
    ],
    [
      'a size that is too large',
      [
        ['fileName', 'a'],
        ['fileSize', '999999999999'],
      ],
      '/fileSize/0',
    ],
  ] as [string, [string, string][], string][])('refuses %s and names it', async (_what, pairs, pointer) => {
    const response = await post(`${folder}.initiateUpload.json`, pairs)
    expect(response.status).toBe(400)
    expect(((await response.json()) as { errors: object[] }).errors).toContainEqual(expect.objectContaining({ pointer }))
  })

  it('refuses a folder that is not there, an asset, and a body of another type', async () => {
    const file = [
      ['fileName', 'a'],
      ['fileSize', '1'],
    ] as const
    expect(await problemOf(await post('/content/dam/none.initiateUpload.json', file))).toEqual([404, 'ASSAY-FOLDER-NOT-FOUND'])
    await http.put(`${folder}/asset`, 'x')
    expect(await problemOf(await post(`${folder}/asset.initiateUpload.json`, file))).toEqual([404, 'ASSAY-FOLDER-NOT-FOUND'])
    const json = { method: 'POST', body: '{"fileName":"a"}', headers: { 'content-type': 'application/json' } }
    expect(await problemOf(await http.fetch(`${folder}.initiateUpload.json`, json))).toEqual([415, 'ASSAY-UNSUPPORTED-MEDIA-TYPE'])
  })
})

describe('what is signed', () => {
  it('holds for one part of one upload, until it ends', async () => {
    const { files } = await initiate(['signed.dita', 5])
    const [uri] = files[0]!.uploadURIs
    const changed = [
      uri!.replace('/0?', '/1?'),
      uri!.replace('limit=5', 'limit=500'),
      uri!.replace(/expires=\d/, 'expires=9'),
      uri!.replace(/signature=.*/, ''),
      uri!.replace(/uploads\/./, 'uploads/x'),
      uri!.split('?')[0]!,
    ]
    for (const other of changed) expect(await problemOf(await put(other, 'x')), other).toEqual([403, 'ASSAY-UPLOAD-URI-INVALID'])
    expect(await problemOf(await put(uri!, '123456'))).toEqual([413, 'ASSAY-BODY-TOO-LARGE'])
    const chunked = { method: 'PUT', body: new Blob(['1234567']).stream(), duplex: 'half' } as RequestInit
    expect(await problemOf(await fetch(uri!, chunked))).toEqual([413, 'ASSAY-BODY-TOO-LARGE'])
    const old = {
      upload: 'd9428888-122b-41e1-b85c-61cd3cbb3210',
      number: 0,
      limitBytes: 5,
      expiresAt: new Date(Date.now() - directUploadMs),
    }
    const over = new UploadSignatures(uploadKey)
    expect(await problemOf(await put(http.url + over.createPartAddress(old), 'x'))).toEqual([403, 'ASSAY-UPLOAD-URI-INVALID'])
    expect(await problemOf(await complete('signed.dita', 5, over.createToken(old, `${folder}/signed.dita`)))).toEqual([
      404,
      'ASSAY-UPLOAD-NOT-FOUND',
    ])
  })

  it('holds for one name in one folder', async () => {
    const { files } = await initiate(['mine.dita', 1])
    await put(files[0]!.uploadURIs[0]!, 'x')
    const token = files[0]!.uploadToken
    for (const [name, given] of [
      ['other.dita', token],
      ['mine.dita', 'unknown'],
      ['mine.dita', `${token}x`],
      ['mine.dita', token.toUpperCase()],
    ] as const) {
      expect(await problemOf(await complete(name, 1, given))).toEqual([404, 'ASSAY-UPLOAD-NOT-FOUND'])
    }
    for (const missing of ['fileName', 'fileSize', 'uploadToken']) {
      expect(await problemOf(await complete('mine.dita', 1, token, { [missing]: '' }))).toEqual([400, 'ASSAY-INVALID-INPUT'])
    }
    expect((await complete('mine.dita', 1, token)).status).toBe(200)
  })
})

describe('folders', () => {
  it('are created one by one', async () => {
    expect(await problemOf(await createFolder('none/below'))).toEqual([404, 'ASSAY-FOLDER-NOT-FOUND'])
    const created = await createFolder('Über 50%25')
    expect([created.status, await created.json()]).toEqual([
      201,
      {
        class: 'core/response',
        properties: {
          path: '/api/assets/Über 50%',
          location: '/api/assets/%C3%9Cber%2050%25.json',
          parentLocation: '/api/assets.json',
          'status.code': 201,
          'status.message': 'Created',
        },
      },
    ])
    expect(await problemOf(await createFolder('Über 50%25'))).toEqual([409, 'ASSAY-CONFLICT'])
    expect((await createFolder('without-class', { properties: { title: 'Old clients' } })).status).toBe(201)
    await http.put('/content/dam/an-asset', 'x')
    expect(await problemOf(await createFolder('an-asset'))).toEqual([409, 'ASSAY-CONFLICT'])
    expect(await problemOf(await createFolder('bad', { properties: { title: {} } }))).toEqual([400, 'ASSAY-INVALID-INPUT'])
  })
})

it('gives a token to clients in browsers', async () => {
  expect(await (await http.fetch('/libs/granite/csrf/token.json')).json()).toEqual({ token: expect.stringMatching(/^[\w-]{32}$/) })
})

it('forgets parts that were never completed, and that others were, after their time', async () => {
  const { files } = await initiate(['abandoned.dita', 3], ['done.dita', 3])
  for (const { uploadURIs } of files) await put(uploadURIs[0]!, 'abc')
  expect((await complete('done.dita', 3, files[1]!.uploadToken)).status).toBe(200)
  expect(await http.uploads.expireUploads(directUploadMs + directUploadGraceMs)).toBe(0)
  expect((await countRows('assay.upload_part')).count).toBeGreaterThan(0)
  expect(await http.uploads.expireUploads(-1000)).toBeGreaterThan(1)
  expect(await countRows('assay.upload_part')).toEqual({ count: 0 })
  expect(await problemOf(await complete('abandoned.dita', 3, files[0]!.uploadToken))).toEqual([400, 'ASSAY-INCOMPLETE-UPLOAD'])
})
