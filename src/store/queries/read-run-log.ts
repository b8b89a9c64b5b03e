import type { Kysely } from 'kysely'
import { maxRunLogLines } from '../../model/run-limits.ts'
import type { Schema } from '../schema-types.ts'

/** Lines of a run's log from that number on, in order. */
export async function readRunLog(db: Kysely<Schema>, id: string, offset: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('assay.run_log')
    .where('run_id', '=', id)
    .where('number', '>=', offset)
    .where('number', '<', offset + limit)
    .orderBy('number')
    .select('line')
    .execute()
  return rows.map((row) => row.line)
}

/** The first `lines` lines of a run's log as text, in pieces. */
export async function* streamRunLog(db: Kysely<Schema>, id: string, lines: number): AsyncGenerator<string> {
  for (let offset = 0; offset < lines; offset += maxRunLogLines) {
    const piece = await readRunLog(db, id, offset, Math.min(maxRunLogLines, lines - offset))
    yield `${piece.join('\n')}\n`
  }
}
