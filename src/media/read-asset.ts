import { mediaTypeByName } from '../dita/read/media-types.ts'
import { readDocument } from '../dita/read-document.ts'
import type { DocumentReading, ReadingResult } from '../dita/reading.ts'
import { looksOf } from '../dita/sniff.ts'
import { extensionOf } from '../model/asset-type.ts'
import { readCompressedSvg } from './read-compressed-svg.ts'
import { isReadable, readImage } from './read-image.ts'

/** Reads any asset: documents as `dita/` does, pictures with their dimensions. Never throws for what is in the bytes. */
export async function readAsset(path: string, bytes: Uint8Array): Promise<ReadingResult> {
  const result = readDocument(path, bytes)
  if (result.reading?.syntax === 'image') return readPicture(result.reading, bytes)
  const { reading } = result
  if (reading?.syntax !== 'plain') return result
  if (reading.mediaType === 'application/gzip' && extensionOf(path) === 'svgz') return readCompressedSvg(path, bytes)
  if (isReadable(reading.mediaType)) return corruptPicture(reading, 'The picture is damaged or cut off: it does not begin as one.')
  return archives.has(reading.mediaType) && isPictureName(path) ? corruptPicture(reading, sayArchive(path, bytes)) : result
}

/** Nothing that shows pictures looks into these, whatever their name says. */
const archives: ReadonlySet<string> = new Set(['application/gzip', 'application/zip', 'application/rtf', 'application/x-ole-storage'])

function isPictureName(path: string): boolean {
  const mediaType = mediaTypeByName(path)
  return mediaType === 'image/svg+xml' || isReadable(mediaType)
}

function sayArchive(path: string, bytes: Uint8Array): string {
  const looks = looksOf(bytes)
  const isCompressed = looks.kind === 'binary' && looks.mediaType === 'application/gzip' && extensionOf(path) === 'svg'
  if (isCompressed) return 'The file is compressed. That is for files named .svgz: unpack it, or rename it.'
  return `The file is ${looks.kind === 'binary' ? looks.name : 'something else'}, not the picture that its name promises.`
}

async function readPicture(reading: DocumentReading, bytes: Uint8Array): Promise<ReadingResult> {
  const { dimensions, corrupt } = await readImage(bytes, reading.mediaType)
  // Under the name of another kind of picture nobody can say what was meant: the name is the finding then, not the bytes.
  if (corrupt === null || mediaTypeByName(reading.path) !== reading.mediaType) return { reading: { ...reading, dimensions }, failure: null }
  return corruptPicture(reading, `The picture is damaged or cut off: ${corrupt}.`)
}

function corruptPicture({ type, mediaType }: DocumentReading, message: string): ReadingResult {
  return { reading: null, failure: { code: 'IMAGE_CORRUPT', message, place: null, excerpt: null, type, mediaType } }
}
