import type { ConnectionOptions, PgBoss } from 'pg-boss'
import { queueHandBackLimit, queueRetryLimit } from '../model/queue-limits.ts'

/** A try at a job. `retryLimit` is the job's own, which grows with each hand-back. */
export interface Attempt {
  readonly id: string
  readonly retryCount: number
  readonly retryLimit: number
}

/** Why jobs are handed back, how long they rest before the next try, and the transaction in which that happens, if there is one. */
export interface HandBack {
  readonly reason: string
  readonly restSeconds: number
  readonly connection?: ConnectionOptions
}

/**
 * Fails jobs whose worker or database went away. That says nothing about the job, so it takes none of its tries: the job gets another
 * one, up to `queueHandBackLimit`, so that work which ends its process again and again comes to an end all the same. Jobs that are no
 * longer held stay as they are.
 */
export async function handBack(boss: PgBoss, queue: string, jobs: readonly Attempt[], how: HandBack): Promise<void> {
  const { reason, restSeconds, connection } = how
  const held = jobs.map(({ id, retryCount }) => ({ id, retryCount }))
  await boss.fail(queue, held, { message: reason }, connection)
  for (const { id, retryLimit } of jobs) {
    const raised = Math.min(retryLimit + 1, queueRetryLimit + queueHandBackLimit)
    await boss.update(queue, undefined, { id, startAfter: restSeconds, retryLimit: raised, ...connection })
  }
}
