import { type FoundRun, findRun } from '../../../store/queries/find-run.ts'
import type { HttpServices } from '../../services.ts'
import { runNotFound } from './run-errors.ts'

/** The run that a request names. Throws an ApiError where it is not there. */
export async function requireRun({ database }: Pick<HttpServices, 'database'>, id: string): Promise<FoundRun> {
  const run = await findRun(database.kysely, id)
  if (!run) throw runNotFound()
  return run
}
