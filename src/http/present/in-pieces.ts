import { Readable } from 'node:stream'
import { setImmediate as giveOthersTheirTurn } from 'node:timers/promises'
import { answerPieceCharacters } from '../../model/http-limits.ts'

/** A large text as a stream, so that others are served between its pieces; a small one as it is. */
export function inPieces(text: string): string | Readable {
  return text.length <= answerPieceCharacters ? text : Readable.from(piecesOf(text), { objectMode: false })
}

/** A stream takes as many pieces in one turn as it gets: 11 MB were a turn of 55 ms. */
async function* piecesOf(text: string): AsyncGenerator<string> {
  for (let start = 0, end = 0; start < text.length; start = end) {
    if (start > 0) await giveOthersTheirTurn()
    end = start + answerPieceCharacters
    // Not between the halves of a surrogate pair.
    if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end++
    yield text.slice(start, end)
  }
}
