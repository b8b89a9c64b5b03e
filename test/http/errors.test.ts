import { once } from 'node:events'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorKinds } from '../../src/contract/errors.ts'
import { DatabaseUnavailableError, DiskFullError } from '../../src/store/database-errors.ts'
import { admin, type HttpHarness, startHttpHarness } from './http-harness.ts'
import { parseAnswer, sendRaw } from './raw-request.ts'

let http: HttpHarness
let fault: () => never

beforeAll(async () => {
  http = await startHttpHarness({ remove: async () => fault() })
}, 60_000)
afterAll(() => http[Symbol.asyncDispose]())

async function failWith(error: Error): Promise<Response> {
  fault = () => {
    throw error
  }
  return http.fetch('/content/dam/a', { method: 'DELETE' })
}

describe('an error answer', () => {
  it('has all members of a problem document', async () => {
    const response = await http.fetch('/api/v1/assets/GUID-none?x=1', { headers: { 'x-request-id': 'my-id.1' } })
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('x-request-id')).toBe('my-id.1')
    expect(await response.json()).toEqual({
      type: 'urn:assay:error:asset-not-found',
      title: 'There is no such asset',
      status: 404,
      detail: 'No asset has this path or UUID.',
      instance: '/api/v1/assets/GUID-none',
      code: 'ASSAY-ASSET-NOT-FOUND',
      remedy: errorKinds.assetNotFound.remedy,
      requestId: 'my-id.1',
    })
  })

  it('hides what went wrong inside', async () => {
    const response = await failWith(new Error('select secret from /root/node_modules at Object.<anonymous>'))
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(text).not.toMatch(/secret|node_modules|select|at Object/)
    expect(JSON.parse(text)).toMatchObject({ code: 'ASSAY-INTERNAL', requestId: response.headers.get('x-request-id') })
  })

  it('asks to come again while the database does not answer', async () => {
    const response = await failWith(new DatabaseUnavailableError('connection refused by 10.0.0.1'))
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('2')
    expect(await response.text()).not.toContain('10.0.0.1')
  })

  it('says that the disk is full', async () => {
    const response = await failWith(new DiskFullError('/var/data has 3 bytes left'))
    expect(response.status).toBe(507)
    expect((await failWith(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }))).status).toBe(507)
    expect(await response.text()).not.toContain('/var')
  })

  it.each([
    ['/nothing', 'GET', 404, null],
    ['/bin/guides/v1/assets/status', 'PUT', 405, 'GET, HEAD, POST'],
    ['/content/dam/a', 'POST', 405, 'DELETE, GET, HEAD, PUT'],
    ['/api/v1/assets/GUID-1', 'DELETE', 405, 'GET, HEAD'],
    ['/api/v1/assets', 'OPTIONS', 405, 'GET, HEAD'],
  ])('%s with %s: %i', async (target, method, status, allow) => {
    const response = await http.fetch(target, { method })
    await response.text()
    expect(response.status).toBe(status)
    expect(response.headers.get('allow')).toBe(allow)
  })

  it.each(['/api/v1/assets/%00', '/api/v1/assets?q=a%00b', '/api/v1/assets?cursor=AA'])('refuses a NUL character: %s', async (target) => {
    const response = await http.fetch(target)
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'ASSAY-INVALID-INPUT'])
  })

  it.each([
    [
      'GET',
      '/bin/guides/v1/assets/status?jobId=1&assetStatus=failure',
      '/assetStatus: must be one of PENDING, PROCESSING, SUCCESS, FAILURE',
    ],
    ['GET', '/bin/guides/v1/assets/status?jobId=1&assetStatus=FAILURE&assetStatus=x', '/assetStatus/1: must be one of PENDING,'],
    ['GET', '/bin/guides/v1/assets/status?jobId=1&jobId=2', '/jobId: is given more than once'],
    ['GET', '/bin/guides/v1/assets/status?jobId=1&limit=1.5', '/limit: must be a whole number'],
    ['GET', '/api/v1/assets?limit=1&limit=2', '/limit: is given more than once'],
    ['GET', '/api/v1/assets?limit=true', '/limit: must be a whole number'],
    ['POST', '/bin/guides/v1/assets/status?paths=%ff', '"%ff" in the query is not percent-encoded UTF-8.'],
    ['POST', '/api/v1/runs', '/filter/createdFrom: must be an instant such as', { path: '/a', filter: { createdFrom: 'soon' } }],
    ['PUT', `/content/dam/${'x'.repeat(256)}`, 'The path has a name over 255 bytes: shorten it.'],
  ])('says what to do about %s %s', async (method, target, expected, body?: object) => {
    const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await http.fetch(target, { method, ...json })
    const { detail, errors = [] } = (await response.json()) as { detail: string; errors?: { pointer: string; detail: string }[] }
    expect(response.status).toBe(400)
    const said = errors.map((each) => `${each.pointer}: ${each.detail}`)
    expect(said.length > 0 ? said : [detail]).toEqual([expect.stringContaining(expected)])
  })

  it('answers refused URLs and headers in the same form', async () => {
    for (const [request, status] of [
      ['GET /content/dam/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
      ['GARBAGE\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
      ['TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    ] as const) {
      const answer = parseAnswer(await sendRaw(http.url, request))
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(JSON.parse(answer.body)).toMatchObject({ status })
    }
  })

  it('takes no body in a transfer coding that it does not undo', async () => {
    const head = `PUT /content/dam/coded HTTP/1.1\r\nHost: x\r\nAuthorization: ${admin.authorization}\r\nConnection: close\r\n`
    const body = (coding: string) => sendRaw(http.url, `${head}Transfer-Encoding: ${coding}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`)
    expect(parseAnswer(await body('gzip, chunked')).status).toBe(415)
    expect(parseAnswer(await body('Chunked')).status).toBe(201)
  })

  it('keeps the order of what is sent ahead on one connection, where it changes something', async () => {
    const request = (method: string, body = '', last = '') =>
      `${method} /content/dam/ahead HTTP/1.1\r\nHost: x\r\nAuthorization: ${admin.authorization}\r\n${last}Content-Length: ${body.length}\r\n\r\n${body}`
    const sent = [request('PUT', 'one'), request('GET'), request('PUT', 'two'), request('GET')]
    const answers = await sendRaw(http.url, [...sent, request('PUT', 'three', 'Connection: close\r\n')].join(''))
    expect(answers.match(/HTTP\/1\.1 \d+/g)?.map((line) => Number(line.slice(-3)))).toEqual([201, 200, 200, 200, 200])
    expect(answers.match(/(?<=\r\n\r\n)(one|two)/g)).toEqual(['one', 'two'])
  })

  it('never reflects a request id that could do harm', async () => {
    const answer = await sendRaw(http.url, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: a b\tc<script>\r\nConnection: close\r\n\r\n')
    expect(parseAnswer(answer).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('every answer', () => {
  it.each(['/healthz', '/api/v1/folders', '/nothing', '/content/dam/%ff'])('%s carries the protecting headers', async (target) => {
    const response = await http.fetch(target)
    await response.text()
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('server')).toBeNull()
    expect(response.headers.get('x-powered-by')).toBeNull()
  })
})

describe('closing', () => {
  it('finishes what is in flight, answers who waits, and turns others away', async () => {
    const own = await startHttpHarness()
    const started = own.statusJobStarted()
    const held = own.fetch('/bin/guides/v1/assets/status', { method: 'POST', body: 'paths=/content/dam', headers: { prefer: 'wait=60' } })
    await started
    const closed = own.server.close()
    const response = await held
    expect(await response.json()).toMatchObject({ status: 'WAITING' })
    await closed
    await expect(own.fetch('/healthz')).rejects.toThrow()
    await own[Symbol.asyncDispose]()
  }, 60_000)

  it('takes an upload in to its end, and then closes the connection', async () => {
    const own = await startHttpHarness()
    const { hostname, port } = new URL(own.url)
    const socket = connect(Number(port), hostname)
    const arrived = once(own.server.server, 'request')
    socket.write(`PUT /content/dam/a HTTP/1.1\r\nHost: x\r\nAuthorization: ${admin.authorization}\r\nContent-Length: 4\r\n\r\non`)
    await arrived
    const closed = own.server.close()
    socket.write('ce')
    const { status, headers } = parseAnswer(String(await buffer(socket)))
    expect([status, headers.get('connection')]).toEqual([201, 'close'])
    await closed
    await own[Symbol.asyncDispose]()
  }, 60_000)
})
