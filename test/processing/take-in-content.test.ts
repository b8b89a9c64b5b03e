import { expect, it } from 'vitest'
import { maxInlineContentBytes, maxUploadBytes } from '../../src/model/limits.ts'
import type { BlobStore } from '../../src/processing/content-ports.ts'
import { takeInContent } from '../../src/processing/take-in-content.ts'

it('leaves a body that the store has not begun to read, so that what is left of it is thrown away and its sender gets the answer', async () => {
  let isLeft = false
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.alloc(maxInlineContentBytes)
    } finally {
      isLeft = true
    }
  }
  const full = new Error('no space left on device')
  const write = () => Promise.reject(full)
  await expect(takeInContent({ body: body(), limitBytes: maxUploadBytes }, { write } as unknown as BlobStore)).rejects.toBe(full)
  expect(isLeft).toBe(true)
})
