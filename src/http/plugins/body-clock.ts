import type { IncomingMessage, ServerResponse } from 'node:http'
import { bodyLingerMs, connectionsCheckIntervalMs, minUploadBytesPerSecond, requestTimeoutMs } from '../../model/http-limits.ts'
import type { Server } from '../server.ts'
import { createRunningTime } from './running-time.ts'

interface Incoming {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  isUpload: boolean
  readonly abort: AbortController
  /** Start of the period that is measured, in running time, and what the socket had read by then. */
  since: number
  bytes: number
  /** When it was first seen to go on after its answer. */
  answeredAt: number | null
}

/** How long things may take; tests cannot wait for the real times. */
export interface BodyTimes {
  readonly checkIntervalMs: number
  readonly periodMs: number
  readonly lingerMs: number
}

const defaultTimes: BodyTimes = { checkIntervalMs: connectionsCheckIntervalMs, periodMs: requestTimeoutMs, lingerMs: bodyLingerMs }

/**
 * Bounds the time that a body may take: `requestTimeoutMs` altogether, and for uploads as long as each such period brings at least
 * `minUploadBytesPerSecond`. Node's own limit knows no exceptions for uploads, so it is off. A body that goes on long after its answer
 * loses its connection: the answer itself is not lost, as it would be by closing at once (the kernel answers unread bytes with a reset).
 */
export function limitBodyTime(server: Server, times: BodyTimes = defaultTimes): void {
  const bodies = new Map<IncomingMessage, Incoming>()
  const time = createRunningTime(times.checkIntervalMs)
  server.decorateRequest('bodySignal', null)
  // Before any routing: a request that no route sees can have an endless body too.
  server.server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (hasBody(request)) bodies.set(request, startClock(request, response, time.now()))
  })
  server.addHook('onRequest', (request, _reply, done) => {
    const body = bodies.get(request.raw)
    if (body) {
      body.isUpload = request.routeOptions.config.body === 'upload'
      request.bodySignal = body.abort.signal
    }
    done()
  })
  server.addHook('onResponse', ({ raw }, _reply, done) => {
    if (raw.complete) bodies.delete(raw)
    done()
  })
  const timer = setInterval(() => sweep(bodies, time.tick(), times), times.checkIntervalMs)
  server.addHook('onClose', async () => clearInterval(timer))
}

/** Whether the head of a request announces a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function startClock(request: IncomingMessage, response: ServerResponse, since: number): Incoming {
  const bytes = request.socket.bytesRead
  return { request, response, isUpload: false, abort: new AbortController(), since, bytes, answeredAt: null }
}

function sweep(bodies: Map<IncomingMessage, Incoming>, now: number, times: BodyTimes): void {
  for (const body of bodies.values()) {
    if (body.request.complete || body.request.destroyed || body.request.socket.destroyed) bodies.delete(body.request)
    else if (body.response.writableEnded) endLingering(body, now, times)
    else if (isTooSlow(body, now, times)) body.abort.abort()
  }
}

function isTooSlow(body: Incoming, now: number, times: BodyTimes): boolean {
  const elapsedMs = now - body.since
  if (elapsedMs < times.periodMs) return false
  if (!body.isUpload) return true
  const { bytesRead } = body.request.socket
  // Bytes that wait to be taken: it is this side that is slow.
  const weAreSlow = body.request.readableLength > 0
  if (!weAreSlow && bytesRead - body.bytes < (minUploadBytesPerSecond * elapsedMs) / 1000) return true
  body.since = now
  body.bytes = bytesRead
  return false
}

function endLingering(body: Incoming, now: number, times: BodyTimes): void {
  body.answeredAt ??= now
  if (now - body.answeredAt >= times.lingerMs) body.request.socket.destroy()
}
