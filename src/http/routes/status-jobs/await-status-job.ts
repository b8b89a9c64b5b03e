import type { FastifyRequest } from 'fastify'
import { maxPreferWaitSeconds } from '../../../model/limits.ts'
import type { StatusJobStatus } from '../../../model/status-job-status.ts'
import type { HttpServices } from '../../services.ts'

/** `n` of `Prefer: wait=n` (RFC 7240, section 4.3), at most `maxPreferWaitSeconds`; `null` without a usable preference. */
export function preferredWaitSeconds(request: Pick<FastifyRequest, 'headers'>): number | null {
  const prefer = [request.headers.prefer ?? []].flat().join(',')
  const match = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(prefer)
  return match ? Math.min(Number(match[1]), maxPreferWaitSeconds) : null
}

/** Waits until the job is finished or gone, the time has passed, or `signal` fires. */
export async function waitUntilFinished(services: HttpServices, id: string, waitMs: number, signal: AbortSignal): Promise<void> {
  const until = performance.now() + waitMs
  let known: StatusJobStatus = 'WAITING'
  while (!isFinished(known) && !signal.aborted) {
    const left = until - performance.now()
    if (left <= 0) return
    await services.waitForStatusJob(id, known, left, signal)
    const job = await services.statusJobs.find(id)
    if (!job) return
    known = job.status
  }
}

/** A finished job never changes again. */
export function isFinished(status: StatusJobStatus): boolean {
  return status === 'SUCCESS' || status === 'FAILURE'
}
