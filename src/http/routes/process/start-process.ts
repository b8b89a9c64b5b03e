import { StartedProcess, StartProcessRequest } from '../../../contract/guides/process.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import type { RunOrder } from '../../../processing/run-ports.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { idempotencyKeyOf, parseRunPaths, requireInterval } from '../runs/read-run-order.ts'
import { startedRun } from '../runs/run-errors.ts'
import { processAddress } from './process-address.ts'

/** `POST /bin/guides/v1/assets/process`: starts a processing run. */
export function startProcess(server: Server, services: HttpServices): void {
  server.post(
    '/bin/guides/v1/assets/process',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['guides'],
        summary: 'Process a folder again',
        body: StartProcessRequest,
        response: { 200: StartedProcess, 400: ProblemDetails, 404: ProblemDetails, 409: ProblemDetails, 422: ProblemDetails },
      },
    },
    async (request, reply) => {
      const order = orderOf(request.body, request.identity!.name)
      const id = startedRun(await services.runs.start({ ...order, idempotencyKey: idempotencyKeyOf(request) }), processAddress)
      reply.header('location', processAddress(id))
      return { processingId: id }
    },
  )
}

/** An empty list of types is what a form sends in which none was chosen: it means all. */
function orderOf({ path, excludedPaths, filter }: StartProcessRequest, createdBy: string): RunOrder {
  const { fileTypes, startTime = null, endTime = null, filterProcessedAssets } = filter ?? {}
  requireInterval(startTime, endTime, '/filter/endTime')
  return {
    ...parseRunPaths(path, [excludedPaths ?? []].flat()),
    types: fileTypes && fileTypes.length > 0 ? fileTypes : null,
    createdFromMs: startTime,
    createdToMs: endTime,
    selection: filterProcessedAssets === true ? 'unprocessed' : 'all',
    createdBy,
  }
}
