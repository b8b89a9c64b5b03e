import { ApiError } from '../../../contract/errors.ts'
import { type FoundRun, findRun } from '../../../store/queries/find-run.ts'
import type { HttpServices } from '../../services.ts'
import { runNotFound } from '../runs/answer-start.ts'

/** The run that a request names. Throws an ApiError where it names none, or none that is there. */
export async function requireProcess({ database }: HttpServices, processingId: string | undefined): Promise<FoundRun> {
  const id = processingId?.trim() ?? ''
  if (id === '') throw new ApiError('processingIdMissing', 'The processingId is missing or empty.')
  const run = await findRun(database.kysely, id)
  if (!run) throw runNotFound()
  return run
}
