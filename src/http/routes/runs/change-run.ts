import { Type } from 'typebox'
import { Run } from '../../../contract/native/run.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { runStatuses } from '../../../model/run-status.ts'
import { isUuid } from '../../../model/uuid.ts'
import { presentRun } from '../../present/run.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { idempotencyKeyOf } from './read-run-order.ts'
import { requireRun } from './require-run.ts'
import { runAddress } from './run-address.ts'
import { refusal, requireChanged, runNotFound, startedRun } from './run-errors.ts'

const Params = Type.Object({ id: Type.String() })

/** `POST /api/v1/runs/{id}/cancel`, `…/resume`, and `…/restart`, which orders the same once more as a run of its own. */
export function changeRunRoutes(server: Server, services: HttpServices): void {
  const { runs } = services
  const show = async (id: string) => presentRun(await requireRun(services, id))
  const changes = { cancel: 'cancelled', resume: 'resumed' } as const
  for (const [verb, participle] of Object.entries(changes) as ['cancel' | 'resume', 'cancelled' | 'resumed'][]) {
    server.post(
      `/api/v1/runs/:id/${verb}`,
      {
        config: { scope: 'write' },
        schema: {
          tags: ['native'],
          summary: verb === 'cancel' ? 'Cancel a processing run' : 'Resume a processing run',
          params: Params,
          response: { 200: Run, 404: ProblemDetails, 409: ProblemDetails },
        },
      },
      async (request) => {
        const { id } = request.params
        if (!isUuid(id)) throw runNotFound()
        requireChanged(await runs[verb](id, request.identity!.name), participle, runAddress)
        return show(id)
      },
    )
  }
  server.post(
    '/api/v1/runs/:id/restart',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['native'],
        summary: 'Start a processing run anew',
        params: Params,
        response: { 202: Run, 404: ProblemDetails, 409: ProblemDetails, 422: ProblemDetails },
      },
    },
    async (request, reply) => {
      const former = await requireRun(services, request.params.id)
      const order = await runs.readOrder(former.id)
      if (!order) throw runNotFound()
      if (former.finished_at === null) throw refusal(runStatuses[former.status]!, 'started anew')
      const by = { createdBy: request.identity!.name, idempotencyKey: idempotencyKeyOf(request) }
      const id = startedRun(await runs.start({ ...order, ...by }), runAddress)
      reply.code(202).header('location', runAddress(id))
      return show(id)
    },
  )
}
