import type { FastifyRequest } from 'fastify'
import { maxJsonBodyBytes } from '../../model/limits.ts'
import { parseJson } from '../body/parse-json.ts'
import { readBody, refuseContentEncoding } from '../body/read-body.ts'
import type { Server } from '../server.ts'

/** JSON is the only body that routes get parsed; every other media type is answered with 415. */
export function parseJsonBodies(server: Server): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', async (request: FastifyRequest) => {
    refuseContentEncoding(request)
    return parseJson(await readBody(request, maxJsonBodyBytes))
  })
}

/**
 * For routes that read any body themselves: takes the Content-Type away from the framework, which refuses malformed ones, and keeps it in
 * `claimedType`. Register the routes in a scope of their own.
 */
export function leaveBodiesToRoutes(server: Server): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', (_request, _payload, done) => done(null))
  server.addHook('onRequest', async (request) => {
    request.claimedType = request.headers['content-type'] ?? null
    delete request.raw.headers['content-type']
  })
}
