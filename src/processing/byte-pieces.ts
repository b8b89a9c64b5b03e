/** A content of which all bytes are at hand, as something that is read piece by piece. */
export async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** The bytes from `from` up to `to` (excluded) of what comes in pieces; what follows is not read. */
export async function* cutPieces(pieces: AsyncIterable<Uint8Array>, from: number, to: number): AsyncGenerator<Uint8Array> {
  let position = 0
  for await (const piece of pieces) {
    const start = Math.max(0, from - position)
    const end = Math.min(piece.length, to - position)
    if (start < end) yield piece.subarray(start, end)
    position += piece.length
    if (position >= to) return
  }
}
