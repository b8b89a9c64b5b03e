import { PgBoss } from 'pg-boss'
import { drainTimeoutMs } from '../model/http-limits.ts'
import { sweepIntervalMs } from '../model/limits.ts'
import {
  queueBatchJobs,
  queueEmbeddedSuperviseSeconds,
  queueFlowSeconds,
  queueHeartbeatRefreshSeconds,
  queueMaintenanceSeconds,
  queuePollSeconds,
  queueStartAttempts,
  queueSuperviseSeconds,
} from '../model/queue-limits.ts'
import type { DatabaseConnection } from '../store/database.ts'
import type { JobSender } from '../store/job-sender.ts'
import { bossDatabase } from './boss-database.ts'
import { ensureQueues } from './ensure-queues.ts'
import { hastenJobs } from './hasten-jobs.ts'
import type { JobKind } from './job-kind.ts'
import { jobKinds } from './job-kinds.ts'
import { type JobLocks, noLocks, openJobLocks } from './job-locks.ts'
import { sweep } from './jobs/sweep.ts'
import { reclaimAll, startReaper } from './reclaim-orphans.ts'
import { type QueueTrouble, runBatch } from './run-batch.ts'
import { createJobSender } from './send-jobs.ts'
import type { UseCases } from './use-cases.ts'

export type { QueueTrouble } from './run-batch.ts'
export { JobClaimLostError } from './send-jobs.ts'
export type { UseCases } from './use-cases.ts'

/** What the queue needs besides the database. */
export interface QueueOptions {
  /** Of the PostgreSQL server, for a connection of the queue's own. Needed to {@link Queue.work} there. */
  readonly databaseUrl?: string
  readonly onTrouble: (trouble: QueueTrouble) => void
}

/** The job queue. Disposing of it stops it and leaves the database open. */
export interface Queue extends JobSender, AsyncDisposable {
  /** Starts to process jobs. On PGlite, jobs that a former process was working on are taken up first. May be called once. */
  work(useCases: UseCases): Promise<void>
  /** Asks for a sweep now, in this process or another one. */
  sendSweep(): Promise<void>
  /**
   * Fetches no more, aborts the signals of running use cases, hands back what they throw away, and resolves when all have returned, after
   * `drainTimeoutMs` at the latest.
   */
  stop(): Promise<void>
}

/** Opens the queue in the schema `pgboss` of the database, which is created or brought up to date. Sending works at once. */
export async function openQueue(database: DatabaseConnection, { databaseUrl, onTrouble }: QueueOptions): Promise<Queue> {
  const boss = createBoss(database)
  const onError = (error: unknown) => onTrouble({ queue: queueOf(error), jobs: [], error: toError(error) })
  // Without a listener an error of the queue's own statements would end the process.
  boss.on('error', onError)
  await boss.start({ attempts: queueStartAttempts })
  await ensureQueues(boss, jobKinds)

  const stopping = new AbortController()
  const running = new AsyncDisposableStack()
  let stopped: Promise<void> | null = null
  const stop = async () => {
    stopping.abort(new Error('The process is stopping.'))
    await boss.stop({ graceful: true, timeout: drainTimeoutMs, close: false })
    await running.disposeAsync()
  }
  const stopOnce = () => (stopped ??= stop())
  const sendSweep = async () => {
    await boss.send(sweep.name, {})
  }

  return {
    ...createJobSender(boss),
    sendSweep,
    async work(useCases) {
      const locks = running.use(await openLocks(database, databaseUrl))
      const reclaiming = { boss, database, takeBack: useCases.takeBack }
      if (database.engine === 'pglite') await reclaimAll(reclaiming)
      const context = { boss, useCases, locks, stopping: stopping.signal, onTrouble }
      for (const kind of jobKinds) await startWorkers(boss, kind, (batch) => runBatch(kind, batch, context))
      const names = jobKinds.map(nameOf)
      running.use(startReaper(reclaiming, locks, names, onError))
      const sweepRegularly = async () => {
        await hastenJobs(database, names)
        await boss.send(sweep.name, {}, { singletonSeconds: sweepIntervalMs / 1000 })
      }
      const timer = setInterval(() => void sweepRegularly().catch(onError), sweepIntervalMs)
      running.defer(() => clearInterval(timer))
      void sweepRegularly().catch(onError)
    },
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  }
}

const nameOf = (kind: { readonly name: string }) => kind.name

function createBoss(database: DatabaseConnection): PgBoss {
  const embedded = database.engine === 'pglite'
  const superviseSeconds = embedded ? queueEmbeddedSuperviseSeconds : queueSuperviseSeconds
  return new PgBoss({
    db: bossDatabase(database),
    schema: 'pgboss',
    backend: embedded ? 'pglite' : 'postgres',
    useListenNotify: true,
    // Nothing is sent by the clock but the sweep.
    schedule: false,
    registerInstance: false,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    maintenanceIntervalSeconds: queueMaintenanceSeconds,
    // No job waits for another one, and that is what it looks for, in one queue after the other.
    flowIntervalSeconds: queueFlowSeconds,
    // The embedded database is vacuumed by a timer of its own, which pg-boss cannot see, and one connection cannot rebuild beside itself.
    reindex: !embedded,
    monitorVacuum: !embedded,
    openTelemetry: { enabled: false },
  })
}

async function startWorkers(boss: PgBoss, kind: JobKind<unknown>, handler: (batch: Parameters<typeof runBatch>[1]) => Promise<void>) {
  await boss.work(
    kind.name,
    {
      batchSize: queueBatchJobs,
      localConcurrency: kind.concurrentBatches,
      // `burst` would do nothing: without this, a batch is fetched per poll.
      burstWhenBatchFull: true,
      // Retries and jobs handed back by others notify nobody.
      pollingIntervalSeconds: queuePollSeconds,
      notifyPollingIntervalSeconds: queuePollSeconds,
      heartbeatRefreshSeconds: queueHeartbeatRefreshSeconds,
      includeMetadata: true,
    },
    handler,
  )
}

function openLocks(database: DatabaseConnection, databaseUrl: string | undefined): Promise<JobLocks> | JobLocks {
  if (database.engine === 'pglite') return noLocks
  if (databaseUrl === undefined)
    throw new Error('Processing jobs on a PostgreSQL server needs its URL, for the connection that holds the locks.')
  return openJobLocks(databaseUrl)
}

/** pg-boss adds the queue's name to the errors of a worker. */
function queueOf(error: unknown): string | null {
  return error instanceof Object && 'queue' in error && typeof error.queue === 'string' ? error.queue : null
}

/** pg-boss copies errors into plain objects, which print as nothing. */
function toError(error: unknown): unknown {
  if (error instanceof Error || !(error instanceof Object) || !('message' in error)) return error
  return Object.assign(new Error(String(error.message)), error)
}
