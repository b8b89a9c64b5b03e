import { randomBytes } from 'node:crypto'
import { crc32, deflateSync, gzipSync } from 'node:zlib'
import sharp from 'sharp'
import type { HostileContent } from './generated-markup.ts'

const formats = ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const
const side = 10_000
const bombBytes = 100_000_000

/** Images that are cut off at every tenth, and files that unpack to much more than they are. */
export async function hostileBinaries(): Promise<HostileContent[]> {
  const pixels = randomBytes(64 * 64 * 3)
  const whole = await Promise.all(
    formats.map((format) =>
      sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } })
        .toFormat(format)
        .toBuffer(),
    ),
  )
  const cut = formats.flatMap((format, index) => {
    const bytes = whole[index]!
    const tenths = Array.from({ length: 9 }, (_, tenth) => Math.floor((bytes.length * (tenth + 1)) / 10))
    return tenths.map((end): HostileContent => ({ name: `cut-at-${end}.${format}`, status: null, content: () => bytes.subarray(0, end) }))
  })
  const zeros = new Uint8Array(bombBytes)
  return [
    ...cut,
    { name: 'bomb.png', status: null, content: () => png(side, side, [['IDAT', deflateSync(zeros)]]) },
    { name: 'claims-much.png', status: null, content: () => png(65_000, 65_000, [['IDAT', deflateSync(new Uint8Array(100))]]) },
    {
      name: 'text-bomb.png',
      status: null,
      content: () =>
        png(1, 1, [
          ['zTXt', Buffer.concat([Buffer.from('a\0\0'), deflateSync(zeros)])],
          ['IDAT', deflateSync(new Uint8Array(2))],
        ]),
    },
    {
      name: 'profile-bomb.png',
      status: null,
      content: () =>
        png(1, 1, [
          ['iCCP', Buffer.concat([Buffer.from('a\0\0'), deflateSync(zeros)])],
          ['IDAT', deflateSync(new Uint8Array(2))],
        ]),
    },
    { name: 'claims-much.gif', status: null, content: () => Buffer.from('474946383961ffffffff000000', 'hex') },
    { name: 'gzip.dita', status: 'FAILURE', content: () => gzipSync(zeros) },
    { name: 'gzip.svgz', status: 'FAILURE', content: () => gzipSync(zeros) },
    { name: 'gzip.svg', status: 'FAILURE', content: () => gzipSync(zeros) },
    { name: 'noise.dita', status: 'FAILURE', content: () => randomBytes(5_000_000) },
    { name: 'noise.png', status: 'FAILURE', content: () => randomBytes(5_000_000) },
    { name: 'noise.zip', status: 'SUCCESS', content: () => Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(5_000_000)]) },
    { name: 'empty.dita', status: 'FAILURE', content: () => '' },
    { name: 'empty.png', status: 'FAILURE', content: () => '' },
  ]
}

/** A greyscale image of these chunks, all of them with right lengths and sums. */
function png(width: number, height: number, chunks: readonly (readonly [string, Uint8Array])[]): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(8, 8)
  const all: (readonly [string, Uint8Array])[] = [['IHDR', header], ...chunks, ['IEND', new Uint8Array()]]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...all.map(([name, data]) => chunk(name, data))])
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name), data])
  const around = Buffer.alloc(8)
  around.writeUInt32BE(data.length, 0)
  around.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)])
}
