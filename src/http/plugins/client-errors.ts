import type { Socket } from 'node:net'
import { ApiError, type ErrorName } from '../../contract/errors.ts'
import { maxHeaderBytes } from '../../model/http-limits.ts'
import { presentError } from '../present/error.ts'
import { requestIdOf } from './request-id.ts'

const kindOfCode = new Map<string, ErrorName>([
  ['ERR_HTTP_REQUEST_TIMEOUT', 'bodyTooSlow'],
  ['HPE_HEADER_OVERFLOW', 'headersTooLarge'],
])

const details: Partial<Record<ErrorName, string>> = {
  bodyTooSlow: 'The headers were not sent in time.',
  headersTooLarge: `The request line and the headers together are longer than ${maxHeaderBytes} bytes.`,
}

/** Answers what Node's parser refused, before there is a request, and ends the connection. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const name = kindOfCode.get(error.code ?? '') ?? 'malformedRequest'
  const problem = new ApiError(name, details[name] ?? 'The request line, a header or the length of the body breaks the rules of HTTP.')
  const body = JSON.stringify(presentError(problem, requestIdOf({ headers: {} }), ''))
  const head = [
    `HTTP/1.1 ${problem.kind.status} ${problem.kind.title}`,
    'Content-Type: application/problem+json',
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
