import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import Fastify from 'fastify'
import { afterEach, expect, it, vi } from 'vitest'
import { bodyOf, readBody } from '../../src/http/input/read-body.ts'
import { limitBodyTime } from '../../src/http/plugins/body-clock.ts'
import { answerErrors } from '../../src/http/plugins/error-answers.ts'
import { leaveBodiesToRoutes } from '../../src/http/plugins/json-bodies.ts'
import { createRunningTime } from '../../src/http/plugins/running-time.ts'
import { endSlowAnswers } from '../../src/http/plugins/slow-answers.ts'
import type { Server } from '../../src/http/server.ts'
import { parseAnswer } from './raw-request.ts'

let open = new AsyncDisposableStack()
afterEach(() => {
  // First of all: what fails to close belongs to one test, not to those after it.
  const opened = open
  open = new AsyncDisposableStack()
  return opened.disposeAsync()
})

/** A server whose limits are a thousand times shorter than the real ones. */
async function start(): Promise<{ readonly port: number; readonly received: () => number }> {
  const server = Fastify() as unknown as Server
  let received = 0
  server.decorateRequest('claimedType', null)
  limitBodyTime(server, { checkIntervalMs: 5, periodMs: 60, lingerMs: 20 })
  answerErrors(server)
  leaveBodiesToRoutes(server)
  server.put('/upload', { config: { body: 'upload' } }, async (request) => {
    for await (const piece of bodyOf(request)) received += piece.length
    return { received }
  })
  server.put('/small', async (request) => ({ received: (await readBody(request, 1000)).length }))
  await server.listen({ host: '127.0.0.1', port: 0 })
  open.defer(() => server.close())
  return { port: (server.server.address() as AddressInfo).port, received: () => received }
}

function put(port: number, path: string, length: number): { readonly socket: Socket; readonly answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1')
  const { promise: answer, resolve } = Promise.withResolvers<string>()
  let text = ''
  socket.setEncoding('latin1').on('data', (piece) => {
    text += piece
  })
  // Going on to write when the other side has closed is what some tests do.
  socket.on('error', () => {}).on('close', () => resolve(text))
  socket.write(`PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`)
  return { socket, answer }
}

it('ends an answer of which nothing is taken, and no other', async () => {
  const server = Fastify() as unknown as Server
  endSlowAnswers(server, 250)
  const pieces = function* () {
    for (;;) yield Buffer.alloc(64 * 1024)
  }
  server.get('/endless', (_request, reply) => reply.send(Readable.from(pieces()) as never))
  const latest = Promise.withResolvers<void>()
  server.get('/late', async () => {
    await latest.promise
    return { late: true }
  })
  const ended: (number | undefined)[] = []
  const { promise: oneEnded, resolve } = Promise.withResolvers<void>()
  server.server.on('connection', (socket: Socket) => {
    const { remotePort } = socket
    socket.once('close', () => {
      ended.push(remotePort)
      resolve()
    })
  })
  await server.listen({ host: '127.0.0.1', port: 0 })
  open.defer(() => server.close())
  const get = async (path: string) => {
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
    open.defer(() => void socket.destroy())
    await once(socket, 'connect')
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
    return socket
  }
  const [slow, late, stuck] = [await get('/endless'), await get('/late'), await get('/endless')]
  slow.on('data', () => {
    slow.pause()
    setTimeout(() => slow.resume(), 2)
  })
  const { localPort } = stuck
  await oneEnded
  expect(ended).toEqual([localPort])
  latest.resolve()
  expect(String((await once(late, 'data'))[0])).toContain('"late":true')
})

it('takes nobody for slow because it stood still itself', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  try {
    const time = createRunningTime(10)
    vi.advanceTimersByTime(10)
    expect(time.tick()).toBe(10)
    vi.advanceTimersByTime(5)
    expect(time.now()).toBe(15)
    vi.advanceTimersByTime(60_000)
    expect([time.now(), time.tick(), time.now()]).toEqual([30, 30, 30])
  } finally {
    vi.useRealTimers()
  }
})

it('ends a body that stands still, with a reason', async () => {
  const { port } = await start()
  for (const path of ['/upload', '/small']) {
    const { socket, answer } = put(port, path, 500)
    socket.write('some')
    const { status, body } = parseAnswer(await answer)
    expect([status, JSON.parse(body).code]).toEqual([408, 'ASSAY-BODY-TOO-SLOW'])
  }
})

it('lets an upload go on as long as it keeps the rate, longer than any other body', async () => {
  const { port, received } = await start()
  const { socket, answer } = put(port, '/upload', 40 * 1000)
  const startedAt = performance.now()
  // The pace is what is tested: 160 kB a second, for four periods.
  for (let piece = 0; piece < 40; piece++) {
    socket.write('x'.repeat(1000))
    await new Promise((resolve) => setTimeout(resolve, 6))
  }
  expect(performance.now() - startedAt).toBeGreaterThan(120)
  socket.end()
  expect(parseAnswer(await answer).status).toBe(200)
  expect(received()).toBe(40_000)
})

it('answers before a body that is too large has come, and then drops the connection', async () => {
  const { port } = await start()
  const { socket, answer } = put(port, '/small', 1_000_000)
  const dripping = setInterval(() => socket.write('x'.repeat(100)), 2)
  const { status } = parseAnswer(await answer)
  clearInterval(dripping)
  expect(status).toBe(413)
})

it('drops a connection whose body has no route and no end', async () => {
  const { port } = await start()
  const { socket, answer } = put(port, '/%ff', 1_000_000)
  const dripping = setInterval(() => socket.write('x'), 2)
  expect(parseAnswer(await answer).status).toBe(400)
  clearInterval(dripping)
})

it('keeps the connection for the next request when the rest of the body does come', async () => {
  const { port } = await start()
  const { socket, answer } = put(port, '/small', 5000)
  socket.write('x'.repeat(5000))
  socket.write('PUT /small HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok')
  const answers = await answer
  expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200'])
})

it('gives a body up whose sender has left, also when that was before anybody read it', async () => {
  const server = Fastify() as unknown as Server
  limitBodyTime(server)
  const failures: Promise<unknown>[] = []
  const { promise: bothCame, resolve } = Promise.withResolvers<void>()
  server.addHook('onRequest', async ({ raw, url }) => {
    if (url === '/left') await new Promise((resolve) => raw.once('close', resolve))
  })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', (request, _payload, done) => {
    failures.push(readBody(request, 1000).catch((error: unknown) => error))
    if (failures.length === 2) resolve()
    done(null)
  })
  for (const path of ['/leaves', '/left']) server.put(path, () => failures.at(-1))
  await server.listen({ host: '127.0.0.1', port: 0 })
  open.defer(() => server.close())
  const { port } = server.server.address() as AddressInfo
  for (const path of ['/leaves', '/left']) {
    const { socket } = put(port, path, 500)
    socket.write('some', () => setImmediate(() => socket.destroy()))
  }
  await bothCame
  expect((await Promise.all(failures)).map((error) => error instanceof Error)).toEqual([true, true])
})
