import { type Static, Type } from 'typebox'
import { ApiError } from '../../../contract/errors.ts'
import { StatusJob } from '../../../contract/guides/status-job.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { assetStatuses } from '../../../model/asset-status.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { waitSignal } from '../../wait-signal.ts'
import { answerStatusJob } from './answer-status-job.ts'
import { isFinished, preferredWaitSeconds } from './await-status-job.ts'
import type { ListFilter } from './filter-status-list.ts'

const Status = Type.Enum([...assetStatuses])

const Query = Type.Object({
  jobId: Type.Optional(Type.String()),
  assetStatus: Type.Optional(Type.Union([Status, Type.Array(Status)])),
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
})

/** `GET /bin/guides/v1/assets/status?jobId=…`: the job's status, and the list once it is finished. */
export function pollStatusJob(server: Server, services: HttpServices): void {
  server.route({
    method: 'GET',
    url: '/bin/guides/v1/assets/status',
    config: { scope: 'read' },
    schema: {
      tags: ['guides'],
      summary: 'Poll a status job',
      querystring: Query,
      response: {
        200: StatusJob,
        304: Type.Null({ description: 'The caller has the list already.' }),
        400: ProblemDetails,
        404: ProblemDetails,
        410: ProblemDetails,
      },
    },
    handler: async (request, reply) => {
      const id = request.query.jobId?.trim() ?? ''
      if (id === '') throw new ApiError('jobIdMissing', 'The query parameter jobId is missing or empty.')
      let job = await services.statusJobs.find(id)
      const waitSeconds = preferredWaitSeconds(request)
      if (job && waitSeconds !== null) {
        reply.header('preference-applied', `wait=${waitSeconds}`)
        if (!isFinished(job.status)) job = await services.waitForStatusJob(job.id, job.status, waitSeconds * 1000, waitSignal(reply))
      }
      if (!job) throw new ApiError('jobNotFound', 'No job has this id.')
      return answerStatusJob(request, reply, services, job, filterOf(request.query))
    },
  })
}

function filterOf({ assetStatus, offset, limit }: Static<typeof Query>): ListFilter | null {
  if (assetStatus === undefined && offset === undefined && limit === undefined) return null
  const statuses = assetStatus === undefined ? assetStatuses : [...new Set([assetStatus].flat())]
  return { statuses, offset: offset ?? 0, limit: limit ?? null }
}
