import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { blobSlices } from '../../src/model/limits.ts'
import { type BlobStore, ContentMissingError, ContentTooLargeError } from '../../src/processing/content-ports.ts'

export interface OpenedBlobStore extends AsyncDisposable {
  readonly store: BlobStore
  /** Names of temporary files and of blobs, to see that nothing stays behind. Blobs that were there before are not named. */
  inventory(): Promise<{ readonly growing: string[]; readonly blobs: string[] }>
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const limit = 8 * 1024 * 1024

async function* inChunks(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function collect(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** What every blob store holds to. Contents are random, so that the suite can run again on the same bucket. */
export function describeBlobStore(name: string, openStore: () => Promise<OpenedBlobStore>): void {
  describe(name, () => {
    let opened: OpenedBlobStore
    let store: BlobStore
    const written = new Set<string>()
    const write = async (content: AsyncIterable<Uint8Array>, limitBytes = limit) => {
      const result = await store.write(content, limitBytes)
      written.add(result.key)
      return result
    }

    beforeEach(async () => {
      opened = await openStore()
      store = opened.store
    })
    afterEach(async () => {
      await store.remove([...written])
      written.clear()
      await opened[Symbol.asyncDispose]()
    })

    test('gives back any content, whole and as a stream, under the key that is its SHA-256', async () => {
      const size = fc.constantFrom(0, 1, 999, 1000, 1001, 4096, 65_536, 65_537, 524_288, 600_000, 3_000_001)
      await fc.assert(
        fc.asyncProperty(size, fc.constantFrom(7, 1000, 65_536, 1_000_000), async (length, chunk) => {
          const bytes = randomBytes(length)
          const result = await write(inChunks(bytes, Math.max(chunk, length / 2000)))
          expect(result).toEqual({ key: sha256(bytes).toString('hex'), size: length, sha256: sha256(bytes) })
          expect(Buffer.compare(await store.readAll(result.key), bytes)).toBe(0)
          expect(Buffer.compare(await collect(await store.read(result.key)), bytes)).toBe(0)
        }),
        { numRuns: 25 },
      )
    })

    test('gives any part of a content, as far as there is one', async () => {
      const bytes = randomBytes(200_000)
      const { key } = await write(inChunks(bytes, 70_000))
      for (const [offset, length] of [
        [0, 1],
        [65_530, 20],
        [69_999, 130_001],
        [199_999, 1],
        [0, 200_000],
        [100_000, 0],
        [199_990, 50],
      ] as const)
        expect(Buffer.compare(await store.readPart(key, offset, length), bytes.subarray(offset, offset + length))).toBe(0)
      await expect(store.readPart(sha256(randomBytes(9)).toString('hex'), 0, 1)).rejects.toThrow(ContentMissingError)
    })

    test('keeps one blob for the same content written many times at once', async () => {
      const bytes = randomBytes(200_000)
      const results = await Promise.all(Array.from({ length: 8 }, () => write(inChunks(bytes))))
      expect(new Set(results.map((result) => result.key))).toEqual(new Set([sha256(bytes).toString('hex')]))
      expect(Buffer.from(await store.readAll(results[0]!.key))).toEqual(bytes)
      expect((await opened.inventory()).growing).toEqual([])
    })

    test('accepts a content of exactly the limit', async () => {
      expect((await write(inChunks(randomBytes(5000)), 5000)).size).toBe(5000)
    })

    test('refuses a longer content without reading it to its end and leaves nothing', async () => {
      const before = await opened.inventory()
      let chunks = 0
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (;;) yield randomBytes(++chunks && 1000)
      }
      await expect(write(endless(), 5000)).rejects.toThrow(new ContentTooLargeError(5000))
      expect(chunks).toBe(6)
      expect(await opened.inventory()).toEqual(before)
    })

    test('leaves nothing of a content that breaks off', async () => {
      const before = await opened.inventory()
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield randomBytes(100_000)
        throw new Error('The client went away.')
      }
      await expect(write(broken())).rejects.toThrow('The client went away.')
      expect(await opened.inventory()).toEqual(before)
    })

    test('shows a blob only when it is complete', async () => {
      const first = randomBytes(1000)
      const second = randomBytes(1000)
      const key = sha256(Buffer.concat([first, second])).toString('hex')
      async function* watched(): AsyncGenerator<Uint8Array> {
        yield first
        await expect(store.readAll(key)).rejects.toThrow()
        yield second
      }
      await write(watched())
      expect(Buffer.from(await store.readAll(key))).toEqual(Buffer.concat([first, second]))
    })

    test('removes blobs, and does not mind those that are gone', async () => {
      const [one, two] = await Promise.all([write(inChunks(randomBytes(10))), write(inChunks(randomBytes(10)))])
      await store.remove([one.key, sha256(randomBytes(9)).toString('hex'), one.key])
      await expect(store.readAll(one.key)).rejects.toThrow()
      await expect(store.read(one.key)).rejects.toThrow()
      expect(await store.readAll(two.key)).toHaveLength(10)
      expect(await Promise.all([one, two].map(({ key }) => store.sizeOf(key)))).toEqual([null, 10])
    })

    test('keeps blobs that were written a moment ago when only older ones are to go', async () => {
      const { key } = await write(inChunks(randomBytes(10)))
      await store.remove([key, sha256(randomBytes(9)).toString('hex')], 3_600_000)
      expect(await store.readAll(key)).toHaveLength(10)
    })

    test('lists blobs by the time since they were last written', async () => {
      const results = await Promise.all(Array.from({ length: 5 }, () => write(inChunks(randomBytes(10)))))
      const listed = async (ageMs: number) => {
        const keys: string[] = []
        for (let slice = 0; slice < blobSlices; slice++)
          for await (const portion of store.listOlderThan(ageMs, slice)) keys.push(...portion)
        return keys
      }
      const keys = results.map((result) => result.key)
      await expect.poll(() => listed(0)).toEqual(expect.arrayContaining(keys))
      expect((await listed(3_600_000)).filter((key) => keys.includes(key))).toEqual([])
    })

    test.each(['', '..', 'a'.repeat(63), 'A'.repeat(64), `../../../${'a'.repeat(55)}`, `${'a'.repeat(64)}\n`])(
      'refuses %j as a key',
      async (key) => {
        await expect(store.readAll(key)).rejects.toThrow(RangeError)
        await expect(store.read(key)).rejects.toThrow(RangeError)
        await expect(store.remove([key])).rejects.toThrow(RangeError)
      },
    )
  })
}
