import { randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { compressPiece } from '../../src/store/compress-piece.ts'

it('compresses bytes of any length, gives up no memory but theirs, and keeps no room', async () => {
  const sizes = [0, 1, 70, 20_000, 300_000]
  // What is random does not become smaller, and so needs more room than expected.
  const pieces = sizes.flatMap((size) => [Buffer.alloc(size, '{"path":"/content/dam"}'), randomBytes(size)])
  const others = sizes.map((size) => Buffer.from('kept'.repeat(Math.min(size, 1000))))
  const expected = others.map((other) => other.toString())
  for (const piece of pieces) {
    const own = Uint8Array.from([44, ...piece])
    const member = await compressPiece(own, 1)
    expect(gunzipSync(member)).toEqual(Buffer.from(piece))
    expect(member.buffer.byteLength).toBe(member.length)
    expect(own.length).toBe(0)
  }
  expect(others.map((other) => other.toString())).toEqual(expected)
  const shared = Buffer.from(' shared')
  expect(gunzipSync(await compressPiece(shared, 1)).toString()).toBe('shared')
  expect(shared.toString()).toBe(' shared')
})
