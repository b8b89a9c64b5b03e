/** Why a thread came to its end while it worked. */
export type EndCause = 'timeout' | 'memory' | 'crash' | 'closed'

/** The thread is no more, and with it the result of its task. */
export class ThreadEndedError extends Error {
  override readonly name = 'ThreadEndedError'
  readonly reason: EndCause
  /** Of the asset it was at, `null` if it was at none. */
  readonly index: number | null
  /** A part of a sentence for people, or `null`. */
  readonly detail: string | null

  constructor(reason: EndCause, index: number | null, detail: string | null) {
    super(`The thread ended (${reason})${detail === null ? '' : `: ${detail}`}.`)
    this.reason = reason
    this.index = index
    this.detail = detail
  }
}
