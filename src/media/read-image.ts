import sharp, { type Metadata, type SharpOptions } from 'sharp'
import { imageTimeoutSeconds, maxDecodedPixels, maxImageBytes, maxImageExpansionFactor } from '../model/document-limits.ts'
import { hasPngChecksums } from './png-checksums.ts'

// One picture at a time per thread, nothing kept: the threads are the parallelism, and their memory is bounded.
sharp.concurrency(1)
sharp.cache(false)

/** What a picture's bytes say: its size in pixels as shown (after orientation), or why it cannot be read. */
export type ImageReading =
  | { readonly dimensions: { readonly width: number; readonly height: number } | null; readonly corrupt: null }
  | { readonly dimensions: null; readonly corrupt: string }

/** Formats that the library reads; a picture of any other is taken as it is. */
const readFormats: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/tiff', 'image/avif'])

/** Whether pictures of this media type are looked into. */
export function isReadable(mediaType: string): boolean {
  return readFormats.has(mediaType)
}

const options: SharpOptions = { failOn: 'error', sequentialRead: true, limitInputPixels: false, animated: false }

/**
 * Reads the header of a picture and sees that it is whole: by its checksums where it has them, else by decoding it where that is cheap. A
 * picture with more than `maxDecodedPixels` pixels, or that unpacks to more than `maxImageExpansionFactor` times its size, is judged by its
 * header alone.
 */
export async function readImage(bytes: Uint8Array, mediaType: string): Promise<ImageReading> {
  if (!isReadable(mediaType) || bytes.length > maxImageBytes) return { dimensions: null, corrupt: null }
  try {
    const metadata = await sharp(bytes, options).metadata()
    const isKnownWhole = mediaType === 'image/png' && hasPngChecksums(bytes)
    if (!isKnownWhole && isCheapToDecode(metadata, bytes.length)) await decode(bytes, metadata)
    const { width, height } = metadata.autoOrient
    return { dimensions: { width, height }, corrupt: null }
  } catch (error) {
    return { dimensions: null, corrupt: reasonOf(error) }
  }
}

function isCheapToDecode({ width, height, channels }: Metadata, size: number): boolean {
  const pixels = width * height
  return pixels <= maxDecodedPixels && (pixels * channels) / size <= maxImageExpansionFactor
}

/**
 * Decodes the whole first frame and throws the pixels away. Its last pixel is known only when all others are decoded, so nothing is
 * skipped, and no more than a few lines are in memory at a time. (Shrinking the picture to one pixel reads only some of the lines: of 60
 * pictures that were cut off in the middle it took 25 for whole.)
 */
async function decode(bytes: Uint8Array, { width, height }: Metadata): Promise<void> {
  const lastPixel = { left: width - 1, top: height - 1, width: 1, height: 1 }
  await sharp(bytes, options).timeout({ seconds: imageTimeoutSeconds }).extract(lastPixel).raw().toBuffer()
}

/** The part of the library's message that says something to a writer: its first line without the names of inner functions. */
function reasonOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  const parts = line.split(':').map((part) => part.trim())
  return parts.findLast((part) => part.includes(' '))?.replace(/^Input buffer has /, '') ?? 'it cannot be decoded'
}
