/**
 * A text in the form in which it is stored. What a thread has found is UTF-8 in memory that the threads share: it goes to the database without
 * anybody looking into it. What comes from the database is a string.
 */
export type StoredText = string | Uint8Array

/** The text itself. */
export function textOf(stored: StoredText): string {
  return typeof stored === 'string' ? stored : bufferOf(stored).toString()
}

/** Whether both are the same text. */
export function isSameText(one: StoredText, other: StoredText): boolean {
  if (typeof one === 'string') return one === textOf(other)
  return bufferOf(one).equals(typeof other === 'string' ? Buffer.from(other) : other)
}

function bufferOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length)
}
