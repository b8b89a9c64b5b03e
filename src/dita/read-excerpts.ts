import { TextDecoder } from 'node:util'
import type { AssetType } from '../model/asset-type.ts'
import { maxExcerptCharacters } from '../model/document-limits.ts'
import { encodingOf, openTextSource } from './read/text-source.ts'
import { detectEncoding } from './xml/detect-encoding.ts'
import { type LineColumn, XmlError } from './xml/events.ts'
import { openXmlSource } from './xml/open-source.ts'
import { excerptAt, offsetsOf } from './xml/source-position.ts'

/**
 * The source line around each place of a document of that type, cut to `maxExcerptCharacters`; `null` where the document has no such place or
 * nothing stands there. What cannot be decoded is shown as far as it can.
 */
export function readExcerpts(type: AssetType, content: Uint8Array, places: readonly LineColumn[]): (string | null)[] {
  const bytes = decodedBytes(type, content)
  return offsetsOf(bytes, places).map((offset) => (offset === null ? null : excerptAt(bytes, offset, maxExcerptCharacters) || null))
}

/** As UTF-8: the same bytes in which the reading counted lines and columns. */
function decodedBytes(type: AssetType, content: Uint8Array): Uint8Array {
  try {
    const source = type === 'MARKDOWN' || type === 'HTML/CSS' ? openTextSource(content) : openXmlSource(content)
    return source.bytes
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return decodeLeniently(content)
  }
}

/** With U+FFFD for what does not belong to the encoding; of an unknown encoding at least its ASCII characters can be read. */
function decodeLeniently(content: Uint8Array): Uint8Array {
  return Buffer.from(decoderOf(content).decode(content))
}

function decoderOf(content: Uint8Array): TextDecoder {
  try {
    const { family, declared } = detectEncoding(content)
    return new TextDecoder(family === 'ascii-compatible' ? (declared ?? 'utf-8') : family)
  } catch {
    return new TextDecoder(encodingOf(content))
  }
}
