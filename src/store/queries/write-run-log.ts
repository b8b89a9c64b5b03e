import { sql, type Transaction } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** What is added to the log of a run. An `error` is about one asset. */
export interface RunLogEntry {
  readonly level: 'info' | 'error'
  readonly text: string
}

/** Adds lines to the log of a run, which the caller has locked. The time of all of them is the one at which they are written. */
export async function writeRunLog(trx: Transaction<Schema>, id: string, entries: readonly RunLogEntry[]): Promise<void> {
  if (entries.length === 0) return
  await sql`
    with grown as (
      update assay.run set log_lines = log_lines + ${entries.length} where id = ${id} returning log_lines - ${entries.length} as before
    )
    insert into assay.run_log (run_id, number, line)
    select ${id}::uuid, grown.before + l.place - 1,
      to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' ' || rpad(upper(l.level), 5) || ' ' || l.text
    from grown cross join unnest(${entries.map(({ level }) => level)}::text[], ${entries.map(({ text }) => oneLine(text))}::text[])
      with ordinality as l(level, text, place)`.execute(trx)
}

/** Names and messages may hold anything but must not look like lines of their own. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
}
