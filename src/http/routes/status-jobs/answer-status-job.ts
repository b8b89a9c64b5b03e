import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../../../contract/errors.ts'
import { statusJobRetryAfterSeconds } from '../../../model/limits.ts'
import type { FoundStatusJob } from '../../../store/queries/find-status-jobs.ts'
import { listStatusListChunks, type StatusListChunk } from '../../../store/queries/read-status-list.ts'
import { acceptsGzip, matchesEtag } from '../../conditional.ts'
import type { HttpServices } from '../../services.ts'
import { answerFilteredList } from './answer-filtered-list.ts'
import type { ListFilter } from './filter-status-list.ts'
import { joinStatusList, streamStatusList } from './stream-status-list.ts'

/**
 * The answer to a poll. A finished list is sent as it is stored: the cost depends on the bytes sent, not on the assets. `filter` narrows
 * it; `null` sends everything.
 */
export async function answerStatusJob(
  request: FastifyRequest,
  reply: FastifyReply,
  services: HttpServices,
  job: FoundStatusJob,
  filter: ListFilter | null,
): Promise<FastifyReply> {
  if (job.expired) throw new ApiError('jobExpired', 'Results are kept for a limited time, which has passed for this job.')
  reply.type('application/json; charset=utf-8')
  if (job.status !== 'SUCCESS') {
    if (job.status !== 'FAILURE') reply.header('retry-after', String(statusJobRetryAfterSeconds))
    else if (job.error !== null) reply.header('x-assay-reason', encodeURIComponent(job.error).slice(0, 2000))
    return reply.send({ jobId: job.id, status: job.status })
  }
  const remembered = filter ? null : services.statusJobs.recall(job)
  const chunks = remembered ? [] : await listChunks(services, job)
  // Weak: the compressed and the plain form of the list share it.
  const etag = `W/"${job.etag!.replaceAll('"', '')}${filter ? `-${filter.statuses.join('.')}-${filter.offset}-${filter.limit ?? ''}` : ''}"`
  if (job.ignored) reply.header('x-ignored-count', String(job.ignored))
  reply.headers({ etag, 'cache-control': 'private, no-cache', vary: 'Accept-Encoding' })
  if (filter) return answerFilteredList(request, reply, services, job, chunks, filter, etag)
  reply.header('x-total-count', String(job.total))
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send()
  const gzip = acceptsGzip(request.headers['accept-encoding'])
  if (gzip) reply.header('content-encoding', 'gzip')
  if (request.method === 'HEAD') return reply.send()
  const small = remembered ?? (await services.statusJobs.readSmall(job, chunks))
  if (small) return reply.send(joinStatusList(job.id, small, gzip))
  const numbers = chunks.map((chunk) => chunk.number)
  return reply.send(Readable.from(streamStatusList(services.database.forBytes, job.id, numbers, gzip), { objectMode: false }))
}

async function listChunks({ database }: HttpServices, job: FoundStatusJob): Promise<StatusListChunk[]> {
  const chunks = await listStatusListChunks(database.kysely, job.id)
  if (chunks.reduce((sum, chunk) => sum + chunk.assets, 0) === job.total) return chunks
  throw new ApiError('jobExpired', 'The list of this job is no longer kept.')
}
