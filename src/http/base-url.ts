import type { FastifyRequest } from 'fastify'
import { ApiError } from '../contract/errors.ts'
import type { HttpServices } from './services.ts'

/**
 * The address of this server as the caller knows it, without a slash at its end: what is configured, else what the request says of itself
 * (its X-Forwarded headers only where a trusted proxy set them). Throws an ApiError when that is no address.
 */
export function baseUrlOf(request: FastifyRequest, { publicUrl }: Pick<HttpServices, 'publicUrl'>): string {
  if (publicUrl !== null) return publicUrl
  const protocol = request.protocol === 'https' ? 'https' : 'http'
  const url = `${protocol}://${request.host}`
  if (!/^[\w.:[\]-]+$/.test(request.host) || !URL.canParse(url)) {
    throw new ApiError('malformedRequest', 'The Host header is no host, so no address can be made for the upload.')
  }
  return url
}
