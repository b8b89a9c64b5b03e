import { slowAnswerMs } from '../../model/limits.ts'
import type { Server } from '../server.ts'

/**
 * Ends a connection whose reader has taken nothing of its answer for `slowMs`. Node has no such limit: 200 readers of whole lists that stood still held
 * 500 MB for as long as they liked. Where nothing waits to be taken, as with a poll that is held, the time does not count.
 */
export function endSlowAnswers(server: Server, slowMs = slowAnswerMs): void {
  server.addHook('onRequest', (request, { raw }, done) => {
    raw.setTimeout(slowMs, () => {
      if (!raw.socket || raw.socket.writableLength === 0) return
      request.log.info({ event: 'slow-answer-ended', address: request.ip }, 'a reader takes nothing of its answer')
      raw.socket.destroy()
    })
    done()
  })
}
