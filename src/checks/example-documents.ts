import { crc32, deflateSync } from 'node:zlib'

/** A topic whose body is `body`; its first line is line 4 of the document, from column 5. */
export function topicWith(body: string): string {
  return `<topic id="pump">\n  <title>The pump</title>\n  <body>\n    ${indented(body, 4)}\n  </body>\n</topic>\n`
}

/** A map with `content`; its first line is line 3 of the document, from column 3. */
export function mapWith(content: string): string {
  return `<map>\n  <title>The pump</title>\n  ${indented(content, 2)}\n</map>\n`
}

/** A topic with a paragraph that others can point at: `#pump/oil`. */
export const targetTopic = topicWith('<p id="oil">Check the oil.</p>')

/** A topic without anything of interest but `title`, with `id`. */
export function plainTopic(id: string, title: string): string {
  return `<topic id="${id}">\n  <title>${title}</title>\n</topic>\n`
}

/** A black PNG image with one bit per pixel. */
export function pngImage(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 1
  const pixels = deflateSync(Buffer.alloc((1 + Math.ceil(width / 8)) * height))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([signature, pngChunk('IHDR', header), pngChunk('IDAT', pixels), pngChunk('IEND', Buffer.alloc(0))])
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([size, body, checksum])
}

function indented(text: string, columns: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(columns)}`)
}
