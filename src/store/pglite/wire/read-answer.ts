import { protocol } from '@electric-sql/pglite'
import type { RunResult } from '../protocol.ts'
import type { Column } from './columns.ts'

/** What PostgreSQL says besides the result. */
export interface AnswerListener {
  onNotification(channel: string, payload: string): void
}

const codes = { dataRow: 0x44, commandComplete: 0x43, error: 0x45, notification: 0x41 } as const
/** Type and length before what a message holds. */
const headBytes = 5
const countingTag = /^(INSERT|UPDATE|DELETE|COPY|MERGE) .*?(\d+)$/

/**
 * Reads the answer to the messages of `writeRun`: rows as objects, made straight from the bytes. Throws PostgreSQL's error, and RangeError for an integer
 * that a number cannot hold.
 */
export function readAnswer(message: Buffer, columns: readonly Column[], listener: AnswerListener): RunResult {
  const rows: Record<string, unknown>[] = []
  let tag = ''
  let failure: Error | null = null
  for (let at = 0; at + headBytes <= message.length; ) {
    const end = at + 1 + message.readInt32BE(at + 1)
    const code = message[at]
    if (code === codes.dataRow && !failure) rows.push(readRow(message, at + headBytes, columns))
    else if (code === codes.commandComplete) tag = message.toString('latin1', at + headBytes, end - 1)
    else if (code === codes.error) failure ??= parseMessage(message.subarray(at, end)) as Error
    else if (code === codes.notification) tell(message.subarray(at, end), listener)
    at = end
  }
  if (failure) throw failure
  const [, command, count] = countingTag.exec(tag) ?? []
  return { command: command ?? tag.split(' ', 1)[0]!, affectedRows: Number(count ?? 0), rows }
}

function readRow(message: Buffer, start: number, columns: readonly Column[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  let at = start + 2
  for (const { name, read } of columns) {
    const length = message.readInt32BE(at)
    at += 4
    row[name] = length === -1 ? null : read(message, at, at + length)
    at += Math.max(length, 0)
  }
  return row
}

function tell(message: Buffer, { onNotification }: AnswerListener): void {
  const { channel, payload } = parseMessage(message) as unknown as { channel: string; payload: string }
  onNotification(channel, payload)
}

/** Errors and notifications are rare, and read by PGlite's own parser: errors have its class. */
function parseMessage(message: Buffer): unknown {
  let parsed: unknown
  new protocol.Parser().parse(message, (one) => {
    parsed = one
  })
  return parsed
}
