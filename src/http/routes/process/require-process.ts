import { ApiError } from '../../../contract/errors.ts'
import type { FoundRun } from '../../../store/queries/find-run.ts'
import type { HttpServices } from '../../services.ts'
import { requireRun } from '../runs/require-run.ts'

/** The run that a request names. Throws an ApiError where it names none, or none that is there. */
export async function requireProcess(services: HttpServices, processingId: string | undefined): Promise<FoundRun> {
  const id = processingId?.trim() ?? ''
  if (id === '') throw new ApiError('processingIdMissing', 'The processingId is missing or empty.')
  return requireRun(services, id)
}
