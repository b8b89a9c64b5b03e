import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { readBody } from '../../src/http/input/read-body.ts'
import { limitBodyTime } from '../../src/http/plugins/body-clock.ts'
import { answerErrors } from '../../src/http/plugins/error-answers.ts'
import { leaveBodiesToRoutes } from '../../src/http/plugins/json-bodies.ts'
import { limitUploads } from '../../src/http/plugins/limit-uploads.ts'
import type { Server } from '../../src/http/server.ts'

it('asks to come again while too many uploads are under way, and takes the next when one has ended or broken off', async () => {
  const server = Fastify() as unknown as Server
  server.decorateRequest('claimedType', null)
  limitBodyTime(server)
  limitUploads(server, 2)
  answerErrors(server)
  leaveBodiesToRoutes(server)
  server.put('/upload', { config: { body: 'upload' } }, async (request) => ({ received: (await readBody(request, 1000)).length }))
  server.put('/other', async (request) => ({ received: (await readBody(request, 1000)).length }))
  await server.listen({ host: '127.0.0.1', port: 0 })
  try {
    const { port } = server.server.address() as AddressInfo
    const put = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { method: 'PUT', body: '12345' })
    const sockets = [1, 2].map(() => connect(port, '127.0.0.1'))
    for (const socket of sockets) {
      const arrived = once(server.server, 'request')
      socket.write('PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n123')
      await arrived
    }
    const refused = await put('/upload')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2'])
    expect((await put('/other')).status).toBe(200)
    sockets[0]!.write('45')
    await once(sockets[0]!, 'data')
    expect((await put('/upload')).status).toBe(200)
    sockets[0]!.write('PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n')
    await once(server.server, 'request')
    expect((await put('/upload')).status).toBe(503)
    const brokenOff = new Promise<void>((resolve) => server.server.once('request', () => resolve()))
    for (const socket of sockets) socket.destroy()
    while ((await put('/upload')).status === 503) await brokenOff
  } finally {
    await server.close()
  }
})
