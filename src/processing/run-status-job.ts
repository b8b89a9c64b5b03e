import type { JobClaim, StatusJobStore } from './ports.ts'

export interface StatusJobPorts {
  readonly jobs: StatusJobStore
  readonly retentionMs: number
  onFinished(id: string, assets: number): void
}

/** Collects the statuses under a job's paths. Does nothing when the job is finished already: another worker was faster. */
export async function runStatusJob({ jobs, retentionMs, onFinished }: StatusJobPorts, id: string, completes: JobClaim): Promise<void> {
  const job = await jobs.begin(id)
  if (!job) return
  onFinished(id, await jobs.collect(job, retentionMs, completes))
}
