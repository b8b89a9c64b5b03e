import type { Column } from './columns.ts'

/** The type of a message that holds a row. */
export const dataRow = 0x44
/** Type and length before what a message holds. */
export const headBytes = 5

/** The rows of an answer as objects, made straight from its bytes. Throws RangeError for an integer that a number cannot hold. */
export function readRows(answer: Buffer, columns: readonly Column[]): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = []
  for (let at = 0; at + headBytes <= answer.length; at += 1 + answer.readInt32BE(at + 1)) {
    if (answer[at] === dataRow) rows.push(readRow(answer, at + headBytes, columns))
  }
  return rows
}

function readRow(answer: Buffer, start: number, columns: readonly Column[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  // The number of columns comes first.
  let at = start + 2
  for (const { name, read } of columns) {
    const length = answer.readInt32BE(at)
    at += 4
    row[name] = length === -1 ? null : read(answer, at, at + length)
    at += Math.max(length, 0)
  }
  return row
}
