import { ApiError } from '../../contract/errors.ts'
import type { Server } from '../server.ts'

/** A part that a client sends to go on with an upload (`curl -C - -T`) would take the place of the whole content (RFC 9110, section 14.5). */
export function refusePartialPuts(server: Server): void {
  server.addHook('onRequest', ({ method, headers }, _reply, done) => {
    if (method !== 'PUT' || headers['content-range'] === undefined) return done()
    throw new ApiError(
      'incompleteUpload',
      'Content-Range says that the body is a part of the content: send all of it, without that header.',
    )
  })
}
