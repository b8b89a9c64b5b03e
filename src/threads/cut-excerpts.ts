import { sourceLine } from '../checks/quoted.ts'
import { readExcerpts } from '../dita/read-excerpts.ts'
import type { ExcerptTask } from './messages.ts'

/** The excerpts of problems at those places, as problems that were found while reading have them. */
export function cutExcerpts({ type, memory, places }: ExcerptTask): (string | null)[] {
  // A copy: not all that reads bytes accepts shared memory.
  return readExcerpts(type, new Uint8Array(memory).slice(), places).map((excerpt) => excerpt && sourceLine(excerpt))
}
