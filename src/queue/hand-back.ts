import type { ConnectionOptions, PgBoss } from 'pg-boss'
import type { JobClaim } from '../processing/ports.ts'

/**
 * Fails jobs whose worker went away and lets them start again at once: there is nothing to wait for before the next try. It counts as
 * a try, so that work which ends its process again and again comes to an end. Jobs that are no longer held by the claim stay as they are.
 */
export async function handBack(boss: PgBoss, { queue, jobs }: JobClaim, reason: string, connection: ConnectionOptions = {}): Promise<void> {
  await boss.fail(queue, [...jobs], { message: reason }, connection)
  for (const { id } of jobs) await boss.update(queue, undefined, { id, startAfter: 0, ...connection })
}
