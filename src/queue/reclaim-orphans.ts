import { sql, type Transaction } from 'kysely'
import { fromKysely, type PgBoss } from 'pg-boss'
import { reaperIntervalMs } from '../model/database-limits.ts'
import type { PostProcessOrder } from '../processing/ports.ts'
import type { DatabaseConnection } from '../store/database.ts'
import type { Schema } from '../store/schema-types.ts'
import { handBack } from './hand-back.ts'
import type { JobLocks, Orphan } from './job-locks.ts'
import { postProcessAssets } from './jobs/post-process-assets.ts'
import type { UseCases } from './use-cases.ts'

/** What taking jobs back needs. */
export interface ReclaimContext {
  readonly boss: PgBoss
  readonly database: DatabaseConnection
  readonly takeBack: UseCases['takeBack']
}

/** Hands back every job that is being worked on: for the one process that holds the embedded database, and has not begun to work. */
export async function reclaimAll(context: ReclaimContext): Promise<void> {
  const { rows } = await context.database.executeSql(
    `select name as queue, id, retry_count as "retryCount", retry_limit as "retryLimit" from pgboss.job where state = 'active'`,
  )
  await handBackOrphans(rows, context)
}

/** Looks every `reaperIntervalMs` for jobs of dead workers and hands them back, until it is disposed of. */
export function startReaper(
  context: ReclaimContext,
  locks: JobLocks,
  queues: readonly string[],
  onError: (error: unknown) => void,
): AsyncDisposable {
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
      await handBackOrphans(await locks.findOrphans(queues), context)
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

async function handBackOrphans(orphans: readonly Orphan[], { boss, database, takeBack }: ReclaimContext): Promise<void> {
  if (orphans.length === 0) return
  await database.transaction(async (trx) => {
    const held = await lockHeld(trx, orphans)
    await takeBack(trx, held.flatMap(ordersOf))
    for (const [queue, jobs] of Map.groupBy(held, (job) => job.queue)) {
      await handBack(boss, queue, jobs, { reason: 'The worker died.', restSeconds: 0, connection: { db: fromKysely(trx) } })
    }
  })
}

interface HeldJob extends Orphan {
  readonly data: unknown
}

/** Those that nobody has handed back meanwhile, locked until the transaction ends. */
async function lockHeld(trx: Transaction<Schema>, orphans: readonly Orphan[]): Promise<HeldJob[]> {
  const { rows } = await sql<HeldJob>`
    select j.name as queue, j.id, j.retry_count as "retryCount", j.retry_limit as "retryLimit", j.data from pgboss.job j
    join unnest(${orphans.map(({ id }) => id)}::uuid[], ${orphans.map(({ retryCount }) => retryCount)}::integer[]) as o(id, retry_count)
      on o.id = j.id and o.retry_count = j.retry_count
    where j.state = 'active' order by j.id for update of j`.execute(trx)
  return rows
}

/** None for jobs of other kinds, and for a payload that cannot be read, which is told where the job is run. */
function ordersOf({ queue, data }: HeldJob): readonly PostProcessOrder[] {
  if (queue !== postProcessAssets.name) return []
  try {
    return postProcessAssets.read(data)
  } catch {
    return []
  }
}
