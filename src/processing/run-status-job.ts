import { applyPathRules } from './apply-path-rules.ts'
import type { PathRuleStore } from './path-rule-ports.ts'
import type { JobClaim } from './ports.ts'
import type { StatusJobStore } from './status-job-ports.ts'

/** What running a status job needs. */
export interface StatusJobPorts {
  readonly jobs: StatusJobStore
  readonly rules: Pick<PathRuleStore, 'applyNext'>
  readonly retentionMs: number
  onFinished(id: string, assets: number): void
}

/**
 * Collects the statuses under a job's paths. Does nothing when the job is finished already: another worker was faster. A list never mixes
 * what path rules say with what they said before: where they were changed a moment ago, their application comes first.
 */
export async function runStatusJob(
  { jobs, rules, retentionMs, onFinished }: StatusJobPorts,
  id: string,
  completes: JobClaim,
  signal: AbortSignal,
): Promise<void> {
  const job = await jobs.begin(id)
  if (!job) return
  for (;;) {
    const listed = await jobs.collect(job, retentionMs, completes)
    if (listed !== null) return onFinished(id, listed)
    await applyPathRules(rules, signal)
  }
}
