import { slowAnswerMs } from '../../model/http-limits.ts'
import type { Server } from '../server.ts'

/**
 * Ends a connection whose reader has taken nothing of its answer for `slowMs`. Node has no such limit: 200 readers of whole lists that
 * stood still held 500 MB for as long as they liked. Where nothing waits to be taken, as with a poll that is held, the time does not count.
 * Half of it must pass twice: when this process has stood still, timers come before what readers have taken meanwhile.
 */
export function endSlowAnswers(server: Server, slowMs = slowAnswerMs): void {
  server.addHook('onRequest', (request, { raw }, done) => {
    let takenBefore = -1
    raw.setTimeout(slowMs / 2, () => {
      const { socket } = raw
      if (!socket || socket.writableLength === 0) return
      const taken = socket.bytesWritten - socket.writableLength
      if (taken !== takenBefore) {
        takenBefore = taken
        socket.setTimeout(slowMs / 2)
        return
      }
      request.log.info({ event: 'slow-answer-ended', address: request.ip }, 'a reader takes nothing of its answer')
      socket.destroy()
    })
    done()
  })
}
