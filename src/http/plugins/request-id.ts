import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { maxRequestIdCharacters } from '../../model/http-limits.ts'

/** The caller's `X-Request-Id` if it is harmless in a header and in a log, else a new one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id']
  const harmless = typeof given === 'string' && given.length <= maxRequestIdCharacters && /^[\w.~:/+=@-]+$/.test(given)
  return harmless ? given : randomUUID()
}
