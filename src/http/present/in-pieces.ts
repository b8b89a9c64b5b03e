import { Readable } from 'node:stream'
import { answerPieceCharacters } from '../../model/limits.ts'

/** A large text as a stream, so that others are served between its pieces; a small one as it is. */
export function inPieces(text: string): string | Readable {
  return text.length <= answerPieceCharacters ? text : Readable.from(piecesOf(text), { objectMode: false })
}

function* piecesOf(text: string): Generator<string> {
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = start + answerPieceCharacters
    // Not between the halves of a surrogate pair.
    if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end++
    yield text.slice(start, end)
  }
}
