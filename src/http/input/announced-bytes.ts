import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../contract/errors.ts'

/** The length that a body is announced with; `undefined` for a chunked one. Throws an ApiError when it is over the limit. */
export function announcedBytes(request: FastifyRequest, limitBytes: number): number | undefined {
  const header = request.headers['content-length']
  if (header === undefined) return request.headers['transfer-encoding'] === undefined ? 0 : undefined
  const bytes = Number(header)
  if (bytes > limitBytes) throw new ApiError('bodyTooLarge', `The limit is ${limitBytes} bytes.`)
  return bytes
}
