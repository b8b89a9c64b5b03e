/** A member of an archive made by hand, also of one that no tool would make. */
export interface HandMade {
  readonly name: string | Uint8Array
  readonly content?: string | Uint8Array
  /** Type flag; `0` is a file. */
  readonly kind?: string
  /** What the header says, if not the length of the content. */
  readonly size?: string
  /** Written over the header, checksum included. */
  readonly patch?: readonly (readonly [at: number, text: string])[]
}

/** A tar archive of these members, with its end unless `open`. */
export function tarBytes(members: readonly HandMade[], { open = false } = {}): Buffer<ArrayBuffer> {
  const blocks = members.flatMap(({ name, content = '', kind = '0', size, patch = [] }) => {
    const bytes = Buffer.from(content as string)
    const header = Buffer.alloc(512)
    header.set(Buffer.from(name as string).subarray(0, 100))
    header.write('0000644\u00000000000\u00000000000\u0000', 100)
    header.write(size ?? `${bytes.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
    header.write(`00000000000\0        ${kind}`, 136)
    header.write('ustar\x0000', 257)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    for (const [at, text] of patch) header.write(text, at, 'latin1')
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(open ? 0 : 1024)])
}
