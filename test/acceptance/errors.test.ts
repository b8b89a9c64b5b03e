import { beforeAll, describe, expect, it } from 'vitest'
import { type AssayApi, apiOf, type Body, type JobAnswer, statusAddress, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'
import { expireStatusJob } from '../support/expire-status-job.ts'
import { rawRequest } from '../support/raw-http.ts'
import { engines } from '../support/test-database.ts'

interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly code: string
  readonly requestId: string
}

describe.each(engines)('errors (%s)', (engine) => {
  let server: SharedAssay
  let api: AssayApi

  beforeAll(async () => {
    server = await sharedAssay(engine)
    api = apiOf(server)
  })

  /** Checks everything that all errors have in common. */
  async function problemOf(response: Response, status: number, code: string): Promise<ProblemBody> {
    const text = await response.text()
    expect([response.status, text.includes(code) ? code : text]).toEqual([status, code])
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(response.headers.get('x-request-id')).toBeTruthy()
    const problem = JSON.parse(text) as ProblemBody
    expect(problem).toMatchObject({ status, code, requestId: response.headers.get('x-request-id') })
    for (const key of ['type', 'title', 'detail', 'instance'] as const) expect(problem[key], key).toEqual(expect.any(String))
    expect(text).not.toMatch(/node_modules|\.ts:\d|\bat \w+ \(|\bselect \b|\/work\/|\/tmp\//)
    return problem
  }

  it('answers 400 without a jobId', async () => {
    for (const query of ['', '?jobId=', '?jobId=%20%09', '?jobid=1']) {
      await problemOf(await api.send(`${statusAddress}${query}`), 400, 'ASSAY-JOB-ID-MISSING')
    }
  })

  it('answers 404 to an unknown jobId, whatever it looks like', async () => {
    for (const id of ['akjhdfalkj1132', '00000000-0000-4000-8000-000000000000', "1' or '1'='1", '\u0000', 'x'.repeat(5000), '🌱']) {
      await problemOf(await api.poll(id), 404, 'ASSAY-JOB-NOT-FOUND')
    }
  })

  // Nobody else may open an embedded database while its server runs: test/http/status-jobs.test.ts has this on both.
  it.runIf(engine === 'postgres')('answers 410 to a job whose result has expired', async () => {
    const { jobId } = (await (await api.start({ paths: ['/content/dam/none'] }, { prefer: 'wait=60' })).json()) as JobAnswer
    expect((await api.poll(jobId)).status).toBe(200)
    await expireStatusJob(server.databaseUrl!, jobId)
    await problemOf(await api.poll(jobId), 410, 'ASSAY-JOB-EXPIRED')
  })

  it('answers 401 with WWW-Authenticate without a right credential', async () => {
    const wrong = [
      null,
      'Basic',
      'Basic !!!',
      `Basic ${Buffer.from('admin:wrong').toString('base64')}`,
      `Basic ${Buffer.from('root:x').toString('base64')}`,
      'Bearer asy_unknown_secret',
      'Bearer ',
      'Digest username="admin"',
    ]
    for (const authorization of wrong) {
      for (const [method, address] of [
        ['GET', `${statusAddress}?jobId=1`],
        ['POST', statusAddress],
        ['GET', '/content/dam/x.dita'],
      ] as const) {
        // Many wrong ones in a row are slowed down on purpose: one address for the later ones is enough.
        if (wrong.indexOf(authorization) > 1 && method === 'GET') continue
        const response = await api.send(address, { method, authorization })
        const challenges = response.headers.get('www-authenticate')
        expect(challenges).toMatch(/Basic realm=/)
        expect(challenges).toMatch(/Bearer/)
        await problemOf(response, 401, 'ASSAY-UNAUTHENTICATED')
      }
    }
  })

  it('answers 403 to a token that may only read', async () => {
    const token = await createToken(['read'])
    const folder = api.folder('guarded')
    await api.upload(`${folder}/x.dita`, topic('X'))
    const authorization = `Bearer ${token}`
    expect((await api.send(`${folder}/x.dita`, { authorization })).status).toBe(200)
    const form = new FormData()
    form.append('target', folder)
    form.append('file', new File(['x'], 'y.txt'))
    const refused: [string, string, Body | null][] = [
      ['PUT', `${folder}/x.dita`, 'new'],
      ['DELETE', `${folder}/x.dita`, null],
      ['POST', '/bin/guides/v1/asset/import', form],
    ]
    for (const [method, address, body] of refused) {
      await problemOf(await api.send(address, { method, body, authorization }), 403, 'ASSAY-FORBIDDEN')
    }
    expect(await (await api.send(`${folder}/x.dita`)).text()).toBe(topic('X'))
    const writer = `Bearer ${await createToken(['write'])}`
    expect((await api.send(`${folder}/z.dita`, { method: 'PUT', body: topic('Z'), authorization: writer })).status).toBe(201)
    await problemOf(await api.send('/api/v1/tokens', { authorization: writer }), 403, 'ASSAY-FORBIDDEN')
  })

  async function createToken(scopes: readonly string[]): Promise<string> {
    const response = await api.send('/api/v1/tokens', {
      method: 'POST',
      body: JSON.stringify({ name: 'acceptance', scopes }),
      headers: { 'content-type': 'application/json' },
    })
    expect(response.status).toBe(201)
    return ((await response.json()) as { token: string }).token
  }

  it('answers 401 to a token that was revoked', async () => {
    const token = await createToken(['read'])
    const authorization = `Bearer ${token}`
    expect((await api.poll('none', { authorization })).status).toBe(404)
    const tokens = (await (await api.send('/api/v1/tokens')).json()) as { items: { id: string }[] }
    const { id } = tokens.items.find((each) => token.includes(each.id))!
    expect((await api.send(`/api/v1/tokens/${id}`, { method: 'DELETE' })).status).toBe(204)
    await problemOf(await api.send(`${statusAddress}?jobId=none`, { authorization }), 401, 'ASSAY-UNAUTHENTICATED')
  })

  it('answers 404 where nothing is', async () => {
    await problemOf(await api.send('/bin/guides/v1/assets'), 404, 'ASSAY-NOT-FOUND')
    await problemOf(await api.send('/content/dam/none.dita'), 404, 'ASSAY-ASSET-NOT-FOUND')
  })

  it('answers 405 with Allow to another method', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const response = await api.send(statusAddress, { method })
      expect(response.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST'])
      await problemOf(response, 405, 'ASSAY-METHOD-NOT-ALLOWED')
    }
    expect((await api.send('/content/dam/x.dita', { method: 'PATCH' })).status).toBe(405)
  })

  it('answers 413 to too large a body, announced or not', async () => {
    const address = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const large = `{"paths":"${'x'.repeat(4 * 1024 * 1024)}"}`
    await problemOf(await api.send(statusAddress, { ...address, body: large }), 413, 'ASSAY-BODY-TOO-LARGE')
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
    const unannounced = await rawRequest(
      server.url,
      [`POST ${statusAddress} HTTP/1.1`, `Authorization: ${server.authorization}`, 'Transfer-Encoding: chunked'],
      `${chunk.repeat(65)}0\r\n\r\n`,
    )
    expect(unannounced.status).toBe(413)
  })

  it('answers 415 to compressed and to unknown bodies', async () => {
    const gzip = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }
    const { detail } = await problemOf(await api.send(statusAddress, gzip), 415, 'ASSAY-UNSUPPORTED-MEDIA-TYPE')
    expect(detail).toContain('uncompressed')
    const xml = { method: 'POST', body: '<a/>', headers: { 'content-type': 'application/xml' } }
    await problemOf(await api.send(statusAddress, xml), 415, 'ASSAY-UNSUPPORTED-MEDIA-TYPE')
  })

  it('names the request: its own id, or the one that the caller gave', async () => {
    const given = await api.send(`${statusAddress}?jobId=none`, { headers: { 'x-request-id': 'my-request/42' } })
    expect(given.headers.get('x-request-id')).toBe('my-request/42')
    expect(((await given.json()) as ProblemBody).requestId).toBe('my-request/42')
    const harmful = await api.send('/healthz', { headers: { 'x-request-id': 'a b"<script>' } })
    expect(harmful.headers.get('x-request-id')).not.toContain('<script>')
    const ids = await Promise.all([1, 2].map(async () => (await api.send('/healthz')).headers.get('x-request-id')))
    expect(new Set(ids).size).toBe(2)
  })

  it('gives nothing away in any error', async () => {
    const requests: [string, string, string | null][] = [
      ['POST', statusAddress, '{"paths": '],
      ['POST', statusAddress, '[['.repeat(1000)],
      ['GET', '/content/dam/%ff', null],
      ['GET', '/content/dam/%00', null],
      ['GET', '/content/dam/a%2fb', null],
      ['GET', '/content/dam/%2e%2e/%2e%2e/etc/passwd', null],
      ['GET', `/content/dam/${'x'.repeat(300)}`, null],
      ['GET', '/api/v1/assets?limit=100000', null],
      ['GET', '/api/v1/assets?cursor=garbage', null],
      ['POST', '/api/v1/tokens', '{"name":{}}'],
      ['POST', '/bin/guides/v1/asset/import', 'no multipart'],
    ]
    for (const [method, address, body] of requests) {
      const response = await api.send(address, { method, body, ...(body !== null && { headers: { 'content-type': 'application/json' } }) })
      const text = await response.text()
      expect(response.status, `${method} ${address.slice(0, 80)}: ${text.slice(0, 300)}`).toBeGreaterThanOrEqual(400)
      expect(response.status, text).toBeLessThan(500)
      expect(text).not.toMatch(/node_modules|\.ts:\d|\bat \w+ \(|\bselect \b|\/work\/|\/tmp\//)
    }
  })

  it('survives what is no HTTP', async () => {
    for (const head of ['NONSENSE', 'GET /healthz HTTP/9.9', 'POST /healthz HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2']) {
      const answer = await rawRequest(server.url, [head])
      expect([0, 400, 404, 405, 505], head).toContain(answer.status)
    }
    expect((await api.send('/healthz')).status).toBe(200)
  })

  it('has no dot segments to climb out with', async () => {
    for (const path of ['/content/dam/../../etc/passwd', '/content/dam/%2e%2e/x', '/content/dam/a/../../x']) {
      const answer = await rawRequest(server.url, [`GET ${path} HTTP/1.1`, `Authorization: ${server.authorization}`])
      expect([400, 404], path).toContain(answer.status)
    }
  })
})
