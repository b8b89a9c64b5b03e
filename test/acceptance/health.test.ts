import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { apiOf, eventually, type JobAnswer, statusAddress, topic } from '../support/assay-api.ts'
import { startAssay } from '../support/assay-server.ts'
import { startPostgresServer } from '../support/postgres-server.ts'
import { parseAnswer } from '../support/raw-http.ts'
import { engines } from '../support/test-database.ts'

describe.each(engines)('health (%s)', (engine) => {
  it('tells that it lives and is ready without a credential, and nothing else', async () => {
    await using server = await startAssay({ engine })
    const api = apiOf(server)
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
    const authorization = `Authorization: ${server.authorization}`
    // Two connections that are open before the stop: on one an upload is half sent, the other is idle.
    const [busy, idle] = await Promise.all([0, 1].map(() => openConnection(server.url)))
    busy!.socket.write(`PUT ${folder}/y.dita HTTP/1.1\r\nHost: x\r\n${authorization}\r\nContent-Length: 10\r\n\r\n01234`)
    idle!.socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    await idle!.received('HTTP/1.1 200')
    await eventually(
      async () => (await api.send('/healthz')).status,
      (status) => status === 200,
    )
    server.signal('SIGTERM')
    await server.logged('server-stopping')
    idle!.socket.write(`GET ${statusAddress}?jobId=1 HTTP/1.1\r\nHost: x\r\n${authorization}\r\n\r\n`)
    await idle!.ended
    const late = idle!.answerAfter('HTTP/1.1 200')
    // A connection on which nothing was under way may also be closed at once.
    if (late.status !== 0) {
      expect(late.status).toBe(503)
      expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    busy!.socket.write('56789')
    await busy!.ended
    expect(busy!.answerAfter('').status).toBe(201)
    expect(await server.exited()).toBe(0)
  })
})

async function openConnection(url: string) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let text = ''
  const changed = new EventTarget()
  socket.setEncoding('latin1').on('data', (piece: string) => {
    text += piece
    changed.dispatchEvent(new Event('data'))
  })
  socket.on('error', () => {})
  return {
    socket,
    ended: once(socket, 'close'),
    async received(part: string) {
      while (!text.includes(part)) await once(changed, 'data')
    },
    /** The first answer behind the one that begins with `before`. */
    answerAfter(before: string) {
      const rest = before === '' ? text : text.slice(text.indexOf('HTTP/1.1', text.indexOf(before) + 1))
      return parseAnswer(Buffer.from(rest.startsWith('HTTP/1.1') && (before === '' || rest !== text) ? rest : '', 'latin1'))
    },
  }
}

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
    for (const request of requests) {
      const response = await request()
      const text = await response.text()
      expect(response.status, text).toBe(503)
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(text).not.toMatch(/ECONN|127\.0\.0\.1|postgres|node_modules|\.ts:\d/)
    }
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
