import type { PgBoss } from 'pg-boss'
import { reaperIntervalMs } from '../model/limits.ts'
import type { DatabaseConnection } from '../store/database.ts'
import { handBack } from './hand-back.ts'
import type { JobLocks } from './job-locks.ts'

/** Hands back every job that is being worked on: for the one process that holds the embedded database, and has not begun to work. */
export async function reclaimAll(boss: PgBoss, database: DatabaseConnection): Promise<void> {
  const { rows } = await database.executeSql(`select name as queue, id, retry_count as "retryCount" from pgboss.job where state = 'active'`)
  await handBackEach(boss, rows)
}

/** Looks every `reaperIntervalMs` for jobs of dead workers and hands them back, until it is disposed of. */
export function startReaper(boss: PgBoss, locks: JobLocks, queues: readonly string[], onError: (error: unknown) => void): AsyncDisposable {
  let stopped = false
  let pass = Promise.resolve()
  let timer: NodeJS.Timeout
  const plan = () => {
    if (stopped) return
    timer = setTimeout(() => {
      pass = reap().then(plan)
    }, reaperIntervalMs)
  }
  const reap = async () => {
    try {
      await handBackEach(boss, await locks.findOrphans(queues))
    } catch (error) {
      onError(error)
    }
  }
  plan()
  return {
    async [Symbol.asyncDispose]() {
      stopped = true
      clearTimeout(timer)
      await pass
    },
  }
}

type Orphan = Awaited<ReturnType<JobLocks['findOrphans']>>[number]

async function handBackEach(boss: PgBoss, orphans: readonly Orphan[]): Promise<void> {
  for (const [queue, jobs] of Map.groupBy(orphans, (orphan) => orphan.queue)) {
    await handBack(boss, { queue, jobs: jobs.map(({ id, retryCount }) => ({ id, retryCount })) }, 'The worker died.')
  }
}
