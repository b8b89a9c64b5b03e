import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FoundStatusJob } from '../../../store/queries/find-status-jobs.ts'
import { readStatusList, type StatusListChunk } from '../../../store/queries/read-status-list.ts'
import { matchesEtag } from '../../conditional.ts'
import type { HttpServices } from '../../services.ts'
import { countMatching, type ListFilter, matchingAssets, selectChunks } from './filter-status-list.ts'
import { listHead, listTail } from './stream-status-list.ts'

const gunzipAsync = promisify(gunzip)

/** A part of a finished list: only the pieces that hold some of it are read. `Link` leads to the next part, `X-Total-Count` counts all. */
export function answerFilteredList(
  request: FastifyRequest,
  reply: FastifyReply,
  services: HttpServices,
  job: FoundStatusJob,
  chunks: readonly StatusListChunk[],
  filter: ListFilter,
  etag: string,
): FastifyReply {
  const total = countMatching(chunks, filter)
  reply.header('x-total-count', String(total))
  if (filter.limit !== null && filter.offset + filter.limit < total) reply.header('link', nextLink(job.id, filter, filter.limit))
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send()
  return reply.send(Readable.from(streamPart(services, job.id, chunks, filter), { objectMode: false }))
}

async function* streamPart(
  services: HttpServices,
  jobId: string,
  chunks: readonly StatusListChunk[],
  filter: ListFilter,
): AsyncGenerator<Uint8Array> {
  const selected = selectChunks(chunks, filter)
  yield Buffer.from(listHead(jobId))
  let index = 0
  const numbers = selected.map((slice) => slice.number)
  for await (const piece of readStatusList(services.database.forBytes, jobId, numbers)) {
    const { from, to } = selected[index]!
    const assets = matchingAssets((await gunzipAsync(piece)).toString(), filter.statuses).slice(from, to)
    yield Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(assets).slice(1, -1)}`)
    index++
  }
  yield Buffer.from(listTail)
}

function nextLink(jobId: string, { statuses, offset }: ListFilter, limit: number): string {
  const query = new URLSearchParams({ jobId })
  for (const status of statuses) query.append('assetStatus', status)
  query.set('offset', String(offset + limit))
  query.set('limit', String(limit))
  return `</bin/guides/v1/assets/status?${query}>; rel="next"`
}
