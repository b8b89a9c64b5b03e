import type { Job, JobWithMetadata, PgBoss } from 'pg-boss'
import { contentStoreRestSeconds, queueRetryDelaySeconds } from '../model/queue-limits.ts'
import { ContentStoreUnavailableError } from '../processing/content-ports.ts'
import type { JobClaim } from '../processing/ports.ts'
import { DatabaseUnavailableError } from '../store/database-errors.ts'
import { type Attempt, handBack } from './hand-back.ts'
import type { JobKind, ReadJob } from './job-kind.ts'
import type { JobLocks } from './job-locks.ts'
import type { UseCases } from './use-cases.ts'

/** Something that went wrong and was dealt with: a job that will be tried again, a statement of the queue that failed. */
export interface QueueTrouble {
  /** `null`: of the queue as a whole. */
  readonly queue: string | null
  readonly jobs: readonly string[]
  readonly error: unknown
}

/** What running jobs needs, the same for all kinds. */
export interface RunContext {
  readonly boss: PgBoss
  readonly useCases: UseCases
  readonly locks: JobLocks
  /** Aborted when the process stops. */
  readonly stopping: AbortSignal
  readonly onTrouble: (trouble: QueueTrouble) => void
}

/**
 * Processes a fetched batch, group after group. Never rejects for what happens in a group: its jobs are failed here, one group by itself,
 * while pg-boss would fail the whole batch. Groups that the use case has completed are left alone by pg-boss afterwards: all it does
 * to a job is fenced by the attempt.
 */
export async function runBatch<P>(kind: JobKind<P>, batch: readonly JobWithMetadata<unknown>[], context: RunContext): Promise<void> {
  const { boss, locks, stopping, onTrouble } = context
  await using _held = await locks.hold(batch, stopping)
  const readable: (ReadJob<P> & Pick<Job, 'signal'>)[] = []
  for (const job of batch) {
    try {
      const { id, retryCount, retryLimit, signal } = job
      readable.push({ id, retryCount, retryLimit, signal, tries: triesOf(job), payload: kind.read(job.data) })
    } catch (error) {
      onTrouble({ queue: kind.name, jobs: [job.id], error })
      await boss.fail(kind.name, job, { message: String(error) })
    }
  }
  const signals = new Map(readable.map((job) => [job.id, job.signal]))
  for (const group of kind.group?.(readable) ?? readable.map((job) => [job])) {
    const claim: JobClaim = { queue: kind.name, jobs: group.map(({ id, retryCount }) => ({ id, retryCount })) }
    try {
      stopping.throwIfAborted()
      await kind.run(group, claim, AbortSignal.any([stopping, ...group.map(({ id }) => signals.get(id)!)]), context.useCases)
    } catch (error) {
      await settleFailure(kind.name, group, error, context)
    }
  }
}

async function settleFailure(queue: string, jobs: readonly Attempt[], error: unknown, context: RunContext): Promise<void> {
  const { boss, stopping, onTrouble } = context
  if (stopping.aborted) return handBack(boss, queue, jobs, { reason: 'The process was stopped.', restSeconds: 0 })
  onTrouble({ queue, jobs: jobs.map(({ id }) => id), error })
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const restSeconds = restAfter(error, jobs)
  if (restSeconds !== null) return handBack(boss, queue, jobs, { reason, restSeconds })
  await boss.fail(
    queue,
    jobs.map(({ id, retryCount }) => ({ id, retryCount })),
    { message: reason },
  )
}

/**
 * How long jobs rest whose failure says nothing about them, `null` for others. One answer that fails may be that of a single content: only
 * when its own tries are nearly used up does a job wait for the store to come back.
 */
function restAfter(error: unknown, jobs: readonly Attempt[]): number | null {
  if (error instanceof DatabaseUnavailableError) return queueRetryDelaySeconds
  const isLastTry = jobs.some(({ retryCount, retryLimit }) => retryCount + 1 >= retryLimit)
  return error instanceof ContentStoreUnavailableError && isLastTry ? contentStoreRestSeconds : null
}

/** A dead job's own count starts again at 0; that of the job it was is beside it. */
function triesOf(job: JobWithMetadata<unknown>): number {
  return job.sourceRetryCount === null ? job.retryCount : job.sourceRetryCount + 1
}
