import { ProcessReference, ProcessStatus } from '../../../contract/guides/process.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { presentProcess } from '../../present/process.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { requireChanged } from '../runs/run-errors.ts'
import { processAddress } from './process-address.ts'
import { requireProcess } from './require-process.ts'

/** `POST /bin/guides/v1/assets/process/cancel` and `…/resume`. Both answer how the run stands then. */
export function changeProcess(server: Server, services: HttpServices): void {
  const changes = { cancel: 'cancelled', resume: 'resumed' } as const
  for (const [verb, participle] of Object.entries(changes) as ['cancel' | 'resume', 'cancelled' | 'resumed'][]) {
    server.post(
      `/bin/guides/v1/assets/process/${verb}`,
      {
        config: { scope: 'write' },
        schema: {
          tags: ['guides'],
          summary: verb === 'cancel' ? 'Cancel a run' : 'Resume a run from its last checkpoint',
          body: ProcessReference,
          response: { 200: ProcessStatus, 400: ProblemDetails, 404: ProblemDetails, 409: ProblemDetails },
        },
      },
      async (request) => {
        const { id } = await requireProcess(services, request.body.processingId)
        requireChanged(await services.runs[verb](id, request.identity!.name), participle, processAddress)
        return presentProcess(await requireProcess(services, id))
      },
    )
  }
}
