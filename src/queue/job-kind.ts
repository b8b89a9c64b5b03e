import type { QueuePolicy } from 'pg-boss'
import type { JobClaim } from '../processing/ports.ts'
import type { Attempt } from './hand-back.ts'
import type { UseCases } from './use-cases.ts'

/** A fetched job whose payload was found to be right. `tries` counts its earlier ones that did not end well, here or before it was dead. */
export interface ReadJob<Payload> extends Attempt {
  readonly payload: Payload
  readonly tries: number
}

/** A kind of job: where it waits and which use case it is for. One file each in `jobs/`. */
export interface JobKind<Payload> {
  readonly name: string
  /** Default `standard`. `stately`: at most one waits and one runs. */
  readonly policy?: QueuePolicy
  /** Tries after the first. */
  readonly retryLimit: number
  /** Time for one job, if not `queueExpireSeconds`. A worker that is gone is noticed much earlier. */
  readonly expireSeconds?: number
  /** Where a job goes that failed for the last time. */
  readonly deadLetter?: string
  readonly concurrentBatches: number
  /** The payload, which was stored by an earlier version perhaps. Throws a TypeError if it is unreadable. */
  read(data: unknown): Payload
  /** Divides a fetched batch into what is processed together: it succeeds and fails together, too. Default: each job by itself. */
  group?(jobs: readonly ReadJob<Payload>[]): (readonly ReadJob<Payload>[])[]
  run(jobs: readonly ReadJob<Payload>[], claim: JobClaim, signal: AbortSignal, useCases: UseCases): Promise<void>
}
