import type { FastifyRequest } from 'fastify'
import { maxPreferWaitSeconds } from '../../../model/limits.ts'
import type { StatusJobStatus } from '../../../model/status-job-status.ts'
import type { FoundStatusJob } from '../../../store/queries/find-status-jobs.ts'
import type { HttpServices } from '../../services.ts'

/** `n` of `Prefer: wait=n` (RFC 7240, section 4.3), at most `maxPreferWaitSeconds`; `null` without a usable preference. */
export function preferredWaitSeconds(request: Pick<FastifyRequest, 'headers'>): number | null {
  const prefer = [request.headers.prefer ?? []].flat().join(',')
  const match = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(prefer)
  return match ? Math.min(Number(match[1]), maxPreferWaitSeconds) : null
}

/** Gives a job that has just been started when it is finished or gone (`null`), when the time has passed, or when `signal` fires. */
export async function waitUntilFinished(
  services: Pick<HttpServices, 'waitForStatusJob'>,
  id: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<FoundStatusJob | null> {
  const until = performance.now() + waitMs
  for (let known: StatusJobStatus = 'WAITING'; ; ) {
    const left = until - performance.now()
    const job = await services.waitForStatusJob(id, known, left, signal)
    if (!job || isFinished(job.status) || left <= 0 || signal.aborted) return job
    known = job.status
  }
}

/** A finished job never changes again. */
export function isFinished(status: StatusJobStatus): boolean {
  return status === 'SUCCESS' || status === 'FAILURE'
}
