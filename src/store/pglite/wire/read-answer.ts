import { protocol } from '@electric-sql/pglite'
import { dataRow, headBytes } from './read-rows.ts'

/** What PostgreSQL says besides the result. */
export interface AnswerListener {
  onNotification(channel: string, payload: string): void
}

/** What the messages of an answer come to, without a look into its rows. */
export interface AnswerSummary {
  readonly command: string
  readonly affectedRows: number
  readonly hasRows: boolean
}

const codes = { commandComplete: 0x43, error: 0x45, notification: 0x41 } as const
const countingTag = /^(INSERT|UPDATE|DELETE|COPY|MERGE) .*?(\d+)$/

/** Goes through the answer to the messages of `writeRun`. Throws PostgreSQL's error. */
export function surveyAnswer(answer: Buffer, listener: AnswerListener): AnswerSummary {
  let tag = ''
  let hasRows = false
  let failure: Error | null = null
  for (let at = 0; at + headBytes <= answer.length; ) {
    const end = at + 1 + answer.readInt32BE(at + 1)
    const code = answer[at]
    if (code === dataRow) hasRows = true
    else if (code === codes.commandComplete) tag = answer.toString('latin1', at + headBytes, end - 1)
    else if (code === codes.error) failure ??= parseError(answer.subarray(at, end))
    else if (code === codes.notification) tell(answer.subarray(at, end), listener)
    at = end
  }
  if (failure) throw failure
  const [, command, count] = countingTag.exec(tag) ?? []
  return { command: command ?? tag.split(' ', 1)[0]!, affectedRows: Number(count ?? 0), hasRows }
}

/** After the head and the number of a process come two texts that end with a zero byte. A parser of PGlite's for each took 40 µs of an upload. */
function tell(message: Buffer, { onNotification }: AnswerListener): void {
  const start = headBytes + 4
  const end = message.indexOf(0, start)
  onNotification(message.toString('utf8', start, end), message.toString('utf8', end + 1, message.length - 1))
}

/** Errors are rare, and read by PGlite's own parser: they have its class. */
function parseError(message: Buffer): Error {
  let parsed: unknown
  new protocol.Parser().parse(message, (one) => {
    parsed = one
  })
  return parsed as Error
}
