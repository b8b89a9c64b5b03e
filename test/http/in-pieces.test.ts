import type { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { inPieces } from '../../src/http/present/in-pieces.ts'
import { answerPieceCharacters } from '../../src/model/limits.ts'

test('others have their turn between the pieces of a large answer, whose characters stay whole', async () => {
  const text = `${'x'.repeat(answerPieceCharacters - 1)}${'\u{1f331}'.repeat(2 * answerPieceCharacters)}`
  let turns = 0
  let isRead = false
  const count = () => {
    turns++
    if (!isRead) setImmediate(count)
  }
  setImmediate(count)
  const pieces: Buffer[] = []
  for await (const piece of inPieces(text) as Readable) pieces.push(piece)
  isRead = true
  expect(Buffer.concat(pieces).toString()).toBe(text)
  expect(turns).toBeGreaterThanOrEqual(4)
})

test('a small answer is sent as it is', () => {
  expect(inPieces('{}')).toBe('{}')
})
