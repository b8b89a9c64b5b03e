const blockBytes = 512
const encoder = new TextEncoder()

/**
 * A tar archive (POSIX.1-1988 `ustar`, with the extensions of 2001 for other names than short ASCII ones) in memory of a fixed size, which can
 * be used again: contents are written where they are sent from, and nothing is allocated for each file.
 */
export class TarArchive {
  readonly #bytes: Uint8Array<ArrayBuffer>
  #end = 0

  constructor(capacityBytes: number) {
    this.#bytes = new Uint8Array(capacityBytes)
  }

  /** Adds a file and gives the place for its content, to be filled; `null`, and nothing is added, where there is no more room for it. */
  add(name: string, size: number): Uint8Array<ArrayBuffer> | null {
    const at = this.#end
    if (at + tarBytesOf(name, size) > this.#bytes.length - endBytes) return null
    if (!fitsHeader(name)) {
      const records = encoder.encode(paxRecord('path', name))
      this.#writeHeader('', records.length, 'x')
      this.#bytes.set(records, this.#end)
      this.#pad(records.length)
    }
    this.#writeHeader(name, size, '0')
    const content = this.#bytes.subarray(this.#end, this.#end + size)
    this.#pad(size)
    return content
  }

  /** Bytes of what was added so far, to come back to with {@link cutBack}. */
  get size(): number {
    return this.#end
  }

  /** Removes what was added since it had that size. */
  cutBack(size: number): void {
    this.#end = size
  }

  /** The archive with its end; a view that is valid until something is added. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.fill(0, this.#end, this.#end + endBytes).subarray(0, this.#end + endBytes)
  }

  #writeHeader(name: string, size: number, kind: string): void {
    const header = this.#bytes.subarray(this.#end, this.#end + blockBytes)
    header.set(template)
    encoder.encodeInto(name, header.subarray(0, 100))
    encoder.encodeInto(size.toString(8).padStart(11, '0'), header.subarray(124))
    header[156] = kind.charCodeAt(0)
    let sum = 8 * 0x20
    for (let at = 0; at < blockBytes; at++) sum += header[at]!
    encoder.encodeInto(`${sum.toString(8).padStart(6, '0')}\0 `, header.subarray(148))
    this.#end += blockBytes
  }

  #pad(size: number): void {
    this.#end += padded(size)
    this.#bytes.fill(0, this.#end - padded(size) + size, this.#end)
  }
}

/** Bytes that a file takes in an archive, header and padding included. */
export function tarBytesOf(name: string, size: number): number {
  const extension = fitsHeader(name) ? 0 : blockBytes + padded(encoder.encode(paxRecord('path', name)).length)
  return extension + blockBytes + padded(size)
}

/** What an archive has at its end: two blocks of zeros. */
export const endBytes = 2 * blockBytes

function padded(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes
}

/** Whether the name can stand in a header: up to 100 ASCII characters. */
function fitsHeader(name: string): boolean {
  return name.length <= 100 && /^[\x20-\x7e]*$/.test(name)
}

/** `length key=value\n`, where the length counts the whole record, its own digits included. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  const restBytes = encoder.encode(rest).length
  const digits = String(restBytes + String(restBytes).length).length
  return `${restBytes + digits}${rest}`
}

/** An empty header: an ordinary file of nobody in particular, from 1970. */
const template = (() => {
  const header = new Uint8Array(blockBytes)
  const put = (text: string, at: number) => encoder.encodeInto(text, header.subarray(at))
  put('0000644\0', 100)
  put('0000000\0', 108)
  put('0000000\0', 116)
  put('00000000000\0', 136)
  put('ustar\x0000', 257)
  return header
})()
