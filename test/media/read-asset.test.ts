import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { readAsset } from '../../src/media/read-asset.ts'
import { maxDocumentBytes } from '../../src/model/document-limits.ts'

const noise = (width: number, height: number) =>
  sharp(Buffer.from(Array.from({ length: width * height * 3 }, (_, index) => (index * 7919 + (index >> 3) * 31) & 0xff)), {
    raw: { width, height, channels: 3 },
  })

describe('pictures', () => {
  test.each([
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['gif', 'image/gif'],
    ['webp', 'image/webp'],
    ['tiff', 'image/tiff'],
  ] as const)('%s: dimensions and media type by content', async (format, mediaType) => {
    const bytes = await noise(40, 30).toFormat(format).toBuffer()
    const { reading } = await readAsset('/content/dam/a.bin', bytes)
    expect(reading).toMatchObject({ syntax: 'image', type: 'OTHERS', mediaType, dimensions: { width: 40, height: 30 } })
  })

  test('dimensions are those after orientation', async () => {
    const bytes = await noise(40, 30).jpeg().withMetadata({ orientation: 6 }).toBuffer()
    expect((await readAsset('/content/dam/a.jpg', bytes)).reading?.dimensions).toEqual({ width: 30, height: 40 })
  })

  test.each(['png', 'jpeg', 'gif', 'webp'] as const)('a %s that was cut off fails', async (format) => {
    const bytes = await noise(200, 200).toFormat(format).toBuffer()
    const { failure } = await readAsset(`/content/dam/a.${format}`, bytes.subarray(0, bytes.length >> 1))
    expect(failure).toMatchObject({ code: 'IMAGE_CORRUPT', mediaType: `image/${format}` })
    expect(failure!.message).toMatch(/^The picture is damaged or cut off: .+\.$/)
  })

  test.each([
    ['png', {}],
    ['png', { palette: true }],
    ['png', { progressive: true }],
    ['jpeg', {}],
    ['jpeg', { progressive: true }],
    ['gif', {}],
  ] as const)('a %s %o fails wherever behind its header it was cut off', async (format, how) => {
    const bytes = await noise(300, 200).toFormat(format, how).toBuffer()
    for (const share of [0.5, 0.8, 0.95]) {
      const { failure } = await readAsset(`/content/dam/a.${format}`, bytes.subarray(0, bytes.length * share))
      expect(failure, `${share}`).toMatchObject({ code: 'IMAGE_CORRUPT' })
    }
    expect((await readAsset(`/content/dam/a.${format}`, bytes)).failure).toBeNull()
  })

  test('a png fails in which one byte was changed', async () => {
    const bytes = await noise(300, 200).png().toBuffer()
    for (const share of [0.1, 0.5, 0.9]) {
      const changed = Buffer.from(bytes)
      changed[Math.floor(bytes.length * share)]! ^= 0x10
      expect((await readAsset('/content/dam/a.png', changed)).failure, `${share}`).toMatchObject({ code: 'IMAGE_CORRUPT' })
    }
  })

  test('a compressed SVG is read under the name .svgz, and nothing but a picture under the name of one', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>')
    const packed = gzipSync(svg)
    const { reading } = await readAsset('/content/dam/a.svgz', packed)
    expect(reading).toMatchObject({ path: '/content/dam/a.svgz', mediaType: 'image/svg+xml', dimensions: { width: 40, height: 30 } })
    const failures: readonly (readonly [name: string, bytes: Uint8Array, code: string, says: string])[] = [
      ['a.svg', packed, 'IMAGE_CORRUPT', 'The file is compressed. That is for files named .svgz: unpack it, or rename it.'],
      ['a.png', packed, 'IMAGE_CORRUPT', 'The file is a gzip archive, not the picture that its name promises.'],
      ['a.svgz', packed.subarray(0, 40), 'IMAGE_CORRUPT', 'The picture is damaged or cut off: it cannot be unpacked.'],
      ['a.svgz', gzipSync('no picture'), 'NOT_WELL_FORMED', ''],
      ['a.svgz', gzipSync(new Uint8Array(maxDocumentBytes + 1)), 'LIMIT_FILE_SIZE', 'when it is unpacked'],
    ]
    for (const [name, bytes, code, says] of failures) {
      const { failure } = await readAsset(`/content/dam/${name}`, bytes)
      expect(failure, name).toMatchObject({ code, message: expect.stringContaining(says) })
    }
    expect((await readAsset('/content/dam/a.gz', packed)).failure).toBeNull()
  })

  test('one that unpacks to far more than its size is judged by its header', async () => {
    const bytes = await sharp({ create: { width: 3000, height: 3000, channels: 3, background: 'white' } })
      .png({ compressionLevel: 9 })
      .toBuffer()
    const { reading } = await readAsset('/content/dam/a.png', bytes.subarray(0, bytes.length >> 1))
    expect(reading?.dimensions).toEqual({ width: 3000, height: 3000 })
  })
})
