import { type StoredText, textOf } from '../processing/stored-text.ts'

/** Texts as UTF-8, one behind the other, in memory that all threads see: whoever passes them on copies nothing. */
export interface PackedTexts {
  readonly memory: SharedArrayBuffer
  /** Where each of them ends. */
  readonly ends: Float64Array
}

/** Copies texts into memory that is shared. */
export function packTexts(texts: readonly StoredText[]): PackedTexts {
  const ends = new Float64Array(texts.length)
  let length = 0
  for (const [index, text] of texts.entries()) ends[index] = length += Buffer.byteLength(text)
  const memory = new SharedArrayBuffer(length)
  const target = Buffer.from(memory)
  let at = 0
  for (const text of texts) at += target.write(textOf(text), at)
  return { memory, ends }
}

/** The texts, without looking into them. */
export function unpackTexts({ memory, ends }: PackedTexts): Uint8Array[] {
  let start = 0
  return Array.from(ends, (end) => {
    const text = new Uint8Array(memory, start, end - start)
    start = end
    return text
  })
}
