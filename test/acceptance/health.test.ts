import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { apiOf, eventually, type JobAnswer, statusAddress, topic } from '../support/assay-api.ts'
import { sharedAssay, startAssay } from '../support/assay-server.ts'
import { startPostgresServer } from '../support/postgres-server.ts'
import { openSocket, parseAnswer } from '../support/raw-http.ts'
import { engines } from '../support/test-database.ts'

describe.each(engines)('health (%s)', (engine) => {
  it('tells that it lives and is ready without a credential, and nothing else', async () => {
    const api = apiOf(await sharedAssay(engine))
    for (const address of ['/healthz', '/readyz']) {
      const response = await api.send(address, { authorization: null })
      expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
    }
    expect((await api.send('/bin/guides/v1/system/status', { authorization: null })).status).toBe(401)
    expect(await (await api.send('/bin/guides/v1/system/status')).json()).toMatchObject({
      isDatabase: true,
      databaseConnectionCheck: 'passed',
    })
  })

  it('finishes what is in flight when it stops, answers 503 to what comes later, and ends by itself', async () => {
    await using server = await startAssay({ engine })
    const api = apiOf(server)
    const folder = api.folder('stopping')
    await api.upload(`${folder}/x.dita`, topic('X'))
    const common = `Host: x\r\nAuthorization: ${server.authorization}\r\n`
    // Both are under way when the stop comes: of one the body is half sent, of the other only a part of the head.
    const [upload, late, body] = await Promise.all([openSocket(server.url), openSocket(server.url), openSocket(server.url)])
    upload.write(`PUT ${folder}/y.dita HTTP/1.1\r\n${common}Content-Length: 10\r\nExpect: 100-continue\r\n\r\n`)
    expect(String((await once(upload, 'data'))[0])).toMatch(/^HTTP\/1.1 100 /)
    upload.write('01234')
    late.write(`GET ${statusAddress}?jobId=1 HTTP/1.1\r\n`)
    body.write(`PUT ${folder}/z.dita HTTP/1.1\r\n`)
    // The server has read all of it when it answers what was sent after them.
    expect((await api.send('/healthz')).status).toBe(200)
    server.signal('SIGTERM')
    await server.logged('server-stopping')
    late.write(`${common}\r\n`)
    const refused = parseAnswer(await buffer(late))
    expect(refused.status).toBe(503)
    expect(refused.headers.get('connection')).toBe('close')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    // Who has not sent all of its body yet must be able to read its answer: the connection stays.
    body.write(`${common}Content-Length: 10\r\n\r\n01234`)
    const interrupted = parseAnswer((await once(body, 'data'))[0])
    expect(interrupted.status).toBe(503)
    expect(interrupted.headers.get('connection')).not.toBe('close')
    body.write(`56789GET /healthz HTTP/1.1\r\n${common}\r\n`)
    expect(parseAnswer(await buffer(body)).headers.get('connection')).toBe('close')
    upload.write('56789')
    expect(parseAnswer(await buffer(upload)).status).toBe(201)
    expect(await server.exited()).toBe(0)
  })
})

describe('an unreachable PostgreSQL', () => {
  it('is answered with 503 and Retry-After until it is back, and nothing is lost', async () => {
    await using postgres = await startPostgresServer()
    await using server = await startAssay({ databaseUrl: await postgres.createDatabase() })
    const api = apiOf(server)
    const folder = api.folder('outage')
    const receipt = await api.upload(`${folder}/before.dita`, topic('Before'))
    await api.settled([folder])
    await postgres.stop('immediate')
    const importOf = (target: string) => {
      const form = new FormData()
      form.append('target', target)
      for (const name of ['a.dita', 'b.dita', 'c.dita']) form.append('file', new Blob([topic(name)]), name)
      return api.send('/bin/guides/v1/asset/import', { method: 'POST', body: form })
    }
    const requests = [
      () => api.start({ paths: [folder] }),
      () => api.poll('00000000-0000-4000-8000-000000000000'),
      () => api.put(`${folder}/during.dita`, topic('During')),
      () => api.send(`${folder}/before.dita`),
      () => api.remove(`${folder}/before.dita`),
      () => api.send('/api/v1/assets'),
      () => importOf(folder),
    ]
    // An import that is still being sent when its first file cannot be stored: by the end of the other requests that has happened.
    const form = `--b\r\nContent-Disposition: form-data; name="target"\r\n\r\n${folder}\r\n--b\r\nContent-Disposition: form-data; name="conflict"\r\n\r\nskip\r\n`
    const file = '--b\r\nContent-Disposition: form-data; name="file"; filename="slow.dita"\r\n\r\n<topic/>\r\n--b\r\n'
    const slow = await openSocket(server.url)
    slow.write(
      `POST /bin/guides/v1/asset/import HTTP/1.1\r\nHost: x\r\nAuthorization: ${server.authorization}\r\nConnection: close\r\n` +
        `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n${form}${file}`,
    )
    for (const request of requests) {
      const response = await request()
      const text = await response.text()
      expect(response.status, text).toBe(503)
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(text).not.toMatch(/ECONN|127\.0\.0\.1|postgres|node_modules|\.ts:\d/)
    }
    slow.destroy()
    expect((await api.send('/healthz')).status).toBe(200)
    expect((await api.send('/readyz')).status).toBe(503)
    expect(await (await api.send('/bin/guides/v1/system/status')).json()).toMatchObject({ databaseConnectionCheck: 'failed' })
    await postgres.start()
    await eventually(
      async () => (await api.send('/readyz')).status,
      (status) => status === 200,
    )
    expect(await api.settled([folder])).toEqual([{ path: `${folder}/before.dita`, uuid: receipt.uuid, status: 'SUCCESS', exists: true }])
    await api.upload(`${folder}/after.dita`, topic('After'))
    expect((await api.settled([folder])).map(({ status }) => status)).toEqual(['SUCCESS', 'SUCCESS'])
    const job = (await (await api.start({ paths: [folder] }, { prefer: 'wait=30' })).json()) as JobAnswer
    expect(job.status).toBe('SUCCESS')
  })
})
