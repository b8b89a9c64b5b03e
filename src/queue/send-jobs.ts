import { sql } from 'kysely'
import { fromKysely, type KyselyTransactionLike, type PgBoss } from 'pg-boss'
import type { JobSender } from '../store/job-sender.ts'
import { applyPathRules, rulesKey } from './jobs/apply-path-rules.ts'
import { postProcessAssets, postProcessPayloads } from './jobs/post-process-assets.ts'
import { resolveKey, resolveReferences } from './jobs/resolve-references.ts'
import { runStatusJob, type StatusJobPayload } from './jobs/run-status-job.ts'
import { type RunPayload, takeRunTurn } from './jobs/take-run-turn.ts'

/** The job was taken from this worker: it was expired, or its worker was believed dead. Whatever it did must be rolled back. */
export class JobClaimLostError extends Error {
  override readonly name = 'JobClaimLostError'
}

/** Tries to find the waiting job or to send one, while others start or send it in between. */
const singleSendAttempts = 10

/** Sends and completes jobs within a transaction of the caller: they exist, or are done, if and only if it is committed. */
export function createJobSender(boss: PgBoss): JobSender {
  return {
    async sendPostProcess(trx, orders, priority = 0) {
      const jobs = postProcessPayloads(orders).map((data) => ({ data, priority }))
      if (jobs.length > 0) await boss.insert(postProcessAssets.name, jobs, { db: fromKysely(trx) })
    },
    async oldestPostProcess(trx) {
      const { rows } = await sql<{ oldest: Date | null }>`
        select min(created_on) as oldest from pgboss.job where name = ${postProcessAssets.name} and state <= 'active'`.execute(trx)
      return rows[0]!.oldest
    },
    async sendRun(trx, id) {
      await boss.send(takeRunTurn.name, { run: id } satisfies RunPayload, { singletonKey: id, db: fromKysely(trx) })
    },
    async sendStatusJob(trx, id) {
      await boss.send(runStatusJob.name, { statusJob: id } satisfies StatusJobPayload, { id, db: fromKysely(trx) })
    },
    sendResolve: (trx) => sendSingle(boss, resolveReferences.name, resolveKey, trx),
    sendApplyRules: (trx) => sendSingle(boss, applyPathRules.name, rulesKey, trx),
    async complete(db, { queue, jobs }) {
      // pg-boss 12.38 declares the answer as an empty object; what is in it is documented.
      const { affected } = (await boss.complete(queue, [...jobs], null, { db: fromKysely(db) })) as { readonly affected: number }
      if (affected < jobs.length)
        throw new JobClaimLostError(`${jobs.length - affected} of ${jobs.length} jobs (${queue}) were taken away.`)
    },
  }
}

/**
 * Not merely "unless one waits": that one could start, and look for changes, before ours are committed. Touching it locks it, and a locked job
 * is not fetched.
 */
async function sendSingle(boss: PgBoss, queue: string, singletonKey: string, trx: KyselyTransactionLike): Promise<void> {
  for (let attempt = 0; attempt < singleSendAttempts; attempt++) {
    const { jobs } = await boss.upsert(queue, {}, { singletonKey, db: fromKysely(trx) })
    if (jobs.length > 0) return
  }
  throw new Error(`No job of the queue "${queue}" could be sent: others started it each time.`)
}
