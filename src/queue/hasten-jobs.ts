import { queueRetryDelayMaxSeconds } from '../model/queue-limits.ts'
import type { DatabaseConnection } from '../store/database.ts'

/**
 * Lets jobs of those queues begin now that would begin later than any of ours rests: the clock of the database was set back after they were sent.
 * Otherwise what waited then, a sweep included, would wait for as long as it was set back.
 */
export async function hastenJobs(database: Pick<DatabaseConnection, 'executeSql'>, queues: readonly string[]): Promise<void> {
  await database.executeSql(
    `update pgboss.job set start_after = now()
     where name = any($1) and state < 'active' and not blocked and start_after > now() + $2::int * interval '1 second'`,
    [queues, 2 * queueRetryDelayMaxSeconds],
  )
}
