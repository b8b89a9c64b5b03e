import { isUtf8 } from 'node:buffer'
import { ApiError } from '../../../contract/errors.ts'
import { maxInlineContentBytes, maxTarExtensionBytes } from '../../../model/limits.ts'
import { ByteReader } from './byte-reader.ts'
import { type Extension, gnuLongName, paxExtension } from './extension.ts'
import { parseTarHeader, type TarHeader, tarBlockBytes } from './tar-header.ts'

/** A member of an archive that should be a file. */
export interface TarMember {
  /** As the archive has it, without `./` at its beginning. */
  readonly name: string
  /** Why it cannot be taken, so that it reads on after "The file"; `null`: it can. */
  readonly refusal: string | null
  /** All bytes of a small content; a larger one as it arrives, to be read before the next member is asked for. */
  readonly content: Uint8Array | AsyncIterable<Uint8Array>
}

/**
 * The members of a tar archive (POSIX.1-1988, the extensions of 2001, GNU tar's long names) in order. Folders are passed over: they come
 * with their files. Links, devices and what else is no file are given with the reason why they are not taken. Throws an ApiError for what
 * is no archive, and for one that breaks off, be it between two members.
 */
export async function* readTar(body: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const reader = new ByteReader(body)
  try {
    let extension: Extension = {}
    for (let header = await nextHeader(reader); header !== null; header = await nextHeader(reader)) {
      const size = extension.size ?? header.size
      const end = reader.position + Math.ceil(size / tarBlockBytes) * tarBlockBytes
      const isExtension = header.kind === 'x' || header.kind === 'L'
      if (isExtension) extension = { ...extension, ...(await readExtension(reader, header)) }
      else if (isFile(header, extension)) {
        const content = size <= maxInlineContentBytes ? (reader.takeNow(size) ?? (await takeAll(reader, size))) : reader.stream(size)
        yield { ...nameAndRefusal(header, extension), content }
      }
      if (!reader.takeNow(end - reader.position)) for await (const _ of reader.stream(end - reader.position));
      if (!isExtension) extension = {}
    }
    await reader.drain()
  } finally {
    await reader.leave()
  }
}

async function nextHeader(reader: ByteReader): Promise<TarHeader | null> {
  const block = reader.takeNow(tarBlockBytes) ?? (await reader.take(tarBlockBytes))
  if (block === null) throw new ApiError('malformedBody', 'The archive breaks off.')
  return parseTarHeader(block)
}

async function readExtension(reader: ByteReader, { kind, size }: TarHeader): Promise<Extension> {
  if (size > maxTarExtensionBytes) throw new ApiError('malformedBody', 'The archive has an extended header that is too long.')
  const content = await takeAll(reader, size)
  return kind === 'x' ? paxExtension(content) : gnuLongName(content)
}

async function takeAll(reader: ByteReader, size: number): Promise<Buffer> {
  const bytes = await reader.take(size)
  if (bytes === null) throw new ApiError('malformedBody', 'The archive breaks off.')
  return bytes
}

/** Not a folder, nor what only describes the archive: global headers, long targets of links, the label of a volume. */
function isFile({ kind, name }: TarHeader, extension: Extension): boolean {
  const given = extension.name ?? name
  const isFolder = kind === '5' || kind === 'D' || (kind === '0' && given.at(-1) === 0x2f)
  return !isFolder && !['g', 'K', 'V'].includes(kind)
}

function nameAndRefusal({ kind, name }: TarHeader, extension: Extension) {
  const bytes = extension.name ?? name
  const refusal = isUtf8(bytes) ? refusalOf(kind, extension) : 'has a name that is not valid UTF-8: rename it'
  const spelt = bytes.toString()
  return { name: spelt.startsWith('./') ? spelt.replace(/^(\.\/+)+/, '') : spelt, refusal }
}

function refusalOf(kind: string, { sparse }: Extension): string | null {
  if (sparse || kind === 'S') return 'is stored with its holes left out: make the archive without --sparse'
  if (kind === '0' || kind === '7') return null
  if (kind === '1') return 'is a link to another file of the archive: make the archive with --hard-dereference'
  if (kind === '2') return 'is a symbolic link: make the archive with --dereference'
  return 'is no ordinary file: leave it out of the archive'
}
