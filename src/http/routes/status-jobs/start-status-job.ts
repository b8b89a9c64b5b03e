import { StartStatusJobRequest, StatusJob } from '../../../contract/guides/status-job.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { statusJobRetryAfterSeconds } from '../../../model/limits.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { waitSignal } from '../../wait-signal.ts'
import { answerStatusJob } from './answer-status-job.ts'
import { preferredWaitSeconds, waitUntilFinished } from './await-status-job.ts'
import { readOrder } from './read-order.ts'

const anyBody = {
  content: {
    'application/json': { schema: StartStatusJobRequest },
    'application/x-www-form-urlencoded': { schema: StartStatusJobRequest },
    'multipart/form-data': { schema: StartStatusJobRequest },
  },
}

/** `POST /bin/guides/v1/assets/status`: starts the collecting of statuses under some paths. */
export function startStatusJob(server: Server, services: HttpServices): void {
  server.post(
    '/bin/guides/v1/assets/status',
    {
      config: { scope: 'read' },
      // The body is read by hand, for every form in which scripts send it; the schema is what the documentation shows.
      validatorCompiler: () => () => true,
      schema: { tags: ['guides'], summary: 'Start a status job', body: anyBody, response: { 200: StatusJob, 400: ProblemDetails } },
    },
    async (request, reply) => {
      const { included, excluded } = await readOrder(request)
      const id = await services.startStatusJob({ included, excluded, createdBy: request.identity!.name })
      reply.header('location', `/bin/guides/v1/assets/status?jobId=${id}`)
      const waitSeconds = preferredWaitSeconds(request)
      if (waitSeconds !== null) {
        reply.header('preference-applied', `wait=${waitSeconds}`)
        const job = await waitUntilFinished(services, id, waitSeconds * 1000, waitSignal(reply))
        if (job) return answerStatusJob(request, reply, services, job, null)
      }
      reply.header('retry-after', String(statusJobRetryAfterSeconds))
      return reply.send({ jobId: id, status: 'WAITING' })
    },
  )
}
