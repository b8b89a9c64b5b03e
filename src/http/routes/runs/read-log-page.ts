import { type Static, Type } from 'typebox'
import type { RunLogPage } from '../../../contract/native/run.ts'
import { defaultRunLogLines, maxRunLogLines } from '../../../model/run-limits.ts'
import type { FoundRun } from '../../../store/queries/find-run.ts'
import { readRunLog } from '../../../store/queries/read-run-log.ts'
import type { HttpServices } from '../../services.ts'

/** Which lines are wanted: some from a number on, or the last ones. */
export const logParameters = {
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Number of the first line, from 0.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxRunLogLines, default: defaultRunLogLines })),
  tail: Type.Optional(
    Type.Integer({ minimum: 1, maximum: maxRunLogLines, description: 'The last so many lines; offset and limit then mean nothing.' }),
  ),
}
const LogQuery = Type.Object(logParameters)

/** A part of a run's log. */
export async function readLogPage(
  { database }: HttpServices,
  run: FoundRun,
  { offset = 0, limit = defaultRunLogLines, tail }: Static<typeof LogQuery>,
): Promise<RunLogPage> {
  const first = tail === undefined ? offset : Math.max(0, run.log_lines - tail)
  const count = tail ?? limit
  // Numbers of lines behind the last one need not be such that the database can hold them.
  const lines = first < run.log_lines ? await readRunLog(database.kysely, run.id, first, count) : []
  return { lines, limit: count, offset: first, hasMore: first + lines.length < run.log_lines }
}
