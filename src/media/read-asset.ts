import { mediaTypeByName } from '../dita/read/media-types.ts'
import { readDocument } from '../dita/read-document.ts'
import type { DocumentReading, ReadingResult } from '../dita/reading.ts'
import { isReadable, readImage } from './read-image.ts'

/** Reads any asset: documents as `dita/` does, pictures with their dimensions. Never throws for what is in the bytes. */
export async function readAsset(path: string, bytes: Uint8Array): Promise<ReadingResult> {
  const result = readDocument(path, bytes)
  if (result.reading?.syntax === 'image') return readPicture(result.reading, bytes)
  const { reading } = result
  return reading?.syntax === 'plain' && isReadable(reading.mediaType) ? corruptPicture(reading, 'it does not begin as one') : result
}

async function readPicture(reading: DocumentReading, bytes: Uint8Array): Promise<ReadingResult> {
  const { dimensions, corrupt } = await readImage(bytes, reading.mediaType)
  // Under the name of another kind of picture nobody can say what was meant: the name is the finding then, not the bytes.
  if (corrupt === null || mediaTypeByName(reading.path) !== reading.mediaType) return { reading: { ...reading, dimensions }, failure: null }
  return corruptPicture(reading, corrupt)
}

function corruptPicture({ type, mediaType }: DocumentReading, corrupt: string): ReadingResult {
  const message = `The picture is damaged or cut off: ${corrupt}.`
  return { reading: null, failure: { code: 'IMAGE_CORRUPT', message, place: null, excerpt: null, type, mediaType } }
}
