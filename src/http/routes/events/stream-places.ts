import { ApiError } from '../../../contract/errors.ts'
import { maxEventStreams, maxStreamsPerIdentity } from '../../../model/event-limits.ts'
import { unavailableRetryAfterSeconds } from '../../../model/http-limits.ts'

/** How many streams are open, altogether and of each caller. */
export class StreamPlaces {
  readonly #taken = new Map<string, number>()
  #all = 0

  /** Takes a place; gives the function that frees it, once. Throws ApiError where there is none. */
  take(caller: string): () => void {
    const taken = this.#taken.get(caller) ?? 0
    if (taken >= maxStreamsPerIdentity) throw full(`${maxStreamsPerIdentity} streams of this credential are open in this process.`)
    if (this.#all >= maxEventStreams) throw full(`${maxEventStreams} streams are open in this process.`)
    this.#taken.set(caller, taken + 1)
    this.#all++
    let isFree = false
    return () => {
      if (isFree) return
      isFree = true
      this.#all--
      const left = this.#taken.get(caller)! - 1
      if (left > 0) this.#taken.set(caller, left)
      else this.#taken.delete(caller)
    }
  }
}

function full(detail: string): ApiError {
  return new ApiError('tooManyStreams', detail, { headers: { 'retry-after': String(unavailableRetryAfterSeconds) } })
}
