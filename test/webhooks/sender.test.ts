import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { maxWebhookExcerptCharacters } from '../../src/model/webhook-limits.ts'
import { openWebhookSender } from '../../src/webhooks/open-sender.ts'
import { createReceiverGuard } from '../../src/webhooks/receiver-guard.ts'

const opened = new AsyncDisposableStack()
afterAll(() => opened.disposeAsync())
const never = new AbortController().signal
const sender = opened.use(openWebhookSender(createReceiverGuard(['127.0.0.1']), 300))

async function receiver(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
}

const post = (url: string, by = sender) => by.post(url, { 'webhook-id': 'x' }, '{}', never)

describe('tells what came of it', () => {
  it('when it was taken, with the beginning of the answer', async () => {
    const url = await receiver(async (request, response) => {
      const pieces = await request.toArray()
      response
        .writeHead(202)
        .end(`${request.method} ${request.url} ${request.headers['webhook-id']} ${Buffer.concat(pieces)} ${'x'.repeat(2000)}`)
    })
    const answer = await post(url)
    expect(answer).toMatchObject({ status: 202, error: null, retryAfterMs: null })
    expect(answer.excerpt).toMatch(/^POST \/hook x \{\} xxx/)
    expect(answer.excerpt.length).toBe(maxWebhookExcerptCharacters)
  })

  it('when the receiver refuses, and when it asks to wait', async () => {
    const url = await receiver((_request, response) => void response.writeHead(503, { 'retry-after': '120' }).end('later'))
    expect(await post(url)).toMatchObject({ status: 503, error: 'The receiver answered 503.', excerpt: 'later', retryAfterMs: 120_000 })
    const dated = await receiver(
      (_request, response) => void response.writeHead(429, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).end(),
    )
    expect((await post(dated)).retryAfterMs).toBeGreaterThan(50_000)
  })

  it('when it redirects, without following', async () => {
    let followed = false
    const inside = await receiver((_request, response) => {
      followed = true
      response.end()
    })
    const url = await receiver((_request, response) => void response.writeHead(302, { location: inside }).end())
    expect(await post(url)).toMatchObject({ status: 302, error: expect.stringContaining('redirects are not followed') })
    expect(followed).toBe(false)
  })

  it('when nothing answers', async () => {
    expect(await post('http://127.0.0.1:1/')).toMatchObject({ status: null, error: 'The receiver refused the connection.' })
    const silent = await receiver(() => undefined)
    expect(await post(silent)).toMatchObject({ status: null, error: 'There was no answer within 0.3 s.' })
    const broken = await receiver((request) => void request.socket.destroy())
    expect(await post(broken)).toMatchObject({ status: null, error: 'The receiver closed the connection without an answer.' })
  })

  it('when the answer is none', async () => {
    const raw = (answer: string) => receiver((request) => void request.socket.write(answer))
    const switching = await raw('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\nmore')
    expect(await post(switching)).toMatchObject({ status: 101, error: 'The receiver answered 101.' })
    expect(await post(await raw('SSH-2.0-server\r\n'))).toMatchObject({ status: null, error: expect.stringContaining('no HTTP') })
    const large = await raw(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)
    expect(await post(large)).toMatchObject({ status: null, error: expect.stringContaining('headers') })
  })

  it('when the answer has no end', async () => {
    let written = 0
    const endless = await receiver((_request, response) => {
      const more = () => {
        written += 16_384
        if (!response.destroyed) response.write('y'.repeat(16_384), more)
      }
      more()
    })
    expect(await post(endless)).toMatchObject({ status: 200, error: null })
    expect(written).toBeLessThan(50_000_000)
    const dripping = await receiver((_request, response) => void response.write('drop'))
    expect(await post(dripping)).toMatchObject({ status: 200, error: null, excerpt: 'drop' })
  })
})

describe('connects to nothing that is private', () => {
  it('by address or by name', async () => {
    const guarded = opened.use(openWebhookSender(createReceiverGuard([])))
    let reached = false
    const url = await receiver((_request, response) => {
      reached = true
      response.end()
    })
    expect(await post(url, guarded)).toMatchObject({ status: null, error: expect.stringContaining('is not a public address') })
    expect(await post(url.replace('127.0.0.1', 'localhost'), guarded)).toMatchObject({
      status: null,
      error: expect.stringContaining('leads to'),
    })
    expect(reached).toBe(false)
  })

  it('and to the very address that was looked at', async () => {
    let asked = 0
    const resolve = async () => [{ address: ++asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]
    const pinned = opened.use(openWebhookSender(createReceiverGuard(['127.0.0.1'], resolve)))
    const url = await receiver((request, response) => void response.end(request.socket.localAddress))
    expect(await post(url.replace('127.0.0.1', 'pinned.example'), pinned)).toMatchObject({ status: 200, excerpt: '127.0.0.1' })
    expect(asked).toBe(1)
  })
})

it('uses a connection again, and another one when the receiver has closed it meanwhile', async () => {
  const ports = new Set<number>()
  const url = await receiver((request, response) => {
    ports.add(request.socket.remotePort!)
    response.end()
    if (request.headers['webhook-id'] === 'last') request.socket.end()
  })
  await post(url)
  await sender.post(url, { 'webhook-id': 'last' }, '{}', never)
  expect(ports.size).toBe(1)
  expect(await post(url)).toMatchObject({ status: 200 })
})
