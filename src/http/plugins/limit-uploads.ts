import { ApiError } from '../../contract/errors.ts'
import { unavailableRetryAfterSeconds } from '../../model/http-limits.ts'
import { maxUploadsAtOnce } from '../../model/limits.ts'
import type { Server } from '../server.ts'

/**
 * Each upload under way holds up to `maxInlineContentBytes`, and waits for its commit. More than `most` at a time are asked to come again:
 * by 503, because Adobe's clients give up at 429.
 */
export function limitUploads(server: Server, most = maxUploadsAtOnce): void {
  let running = 0
  server.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.body !== 'upload') return done()
    if (running >= most) {
      const headers = { 'retry-after': String(unavailableRetryAfterSeconds) }
      throw new ApiError('unavailable', `${most} uploads are under way already.`, { headers })
    }
    running++
    reply.raw.once('close', () => running--)
    done()
  })
}
