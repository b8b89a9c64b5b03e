import type { PgBoss, Queue } from 'pg-boss'
import {
  queueDeleteAfterSeconds,
  queueExpireSeconds,
  queueHeartbeatSeconds,
  queueRetryDelayMaxSeconds,
  queueRetryDelaySeconds,
} from '../model/queue-limits.ts'
import type { JobKind } from './job-kind.ts'

type QueueSettings = Omit<Queue, 'name' | 'policy' | 'partition'>

/**
 * Creates the queues that are missing, and brings those that an earlier version created up to date. They are asked for together, because
 * creating or updating a queue takes several statements: asked for one by one they cost a start 0.3 s of its time.
 */
export async function ensureQueues(boss: PgBoss, kinds: readonly JobKind<unknown>[]): Promise<void> {
  const queues = await boss.getQueues(kinds.map(({ name }) => name))
  const present = new Map(queues.map((queue) => [queue.name, queue]))
  for (const kind of kinds) {
    const settings = settingsOf(kind)
    const queue = present.get(kind.name)
    if (!queue) await createQueue(boss, kind, settings)
    else if (!has(queue, settings)) await boss.updateQueue(kind.name, settings)
  }
}

function settingsOf({ retryLimit, expireSeconds, deadLetter }: JobKind<unknown>): QueueSettings {
  return {
    notify: true,
    retryLimit,
    retryDelay: queueRetryDelaySeconds,
    retryBackoff: true,
    retryDelayMax: queueRetryDelayMaxSeconds,
    heartbeatSeconds: queueHeartbeatSeconds,
    expireInSeconds: expireSeconds ?? queueExpireSeconds,
    deleteAfterSeconds: queueDeleteAfterSeconds,
    ...(deadLetter && { deadLetter }),
  }
}

/**
 * Each queue has a table of its own: in a shared one, fetching fell from 18,000 to 700 jobs a second when another queue had a backlog
 * and the planner knew nothing of ours.
 */
async function createQueue(boss: PgBoss, { name, policy }: JobKind<unknown>, settings: QueueSettings): Promise<void> {
  await boss.createQueue(name, { ...settings, partition: true, ...(policy && { policy }) })
}

function has(queue: QueueSettings, settings: QueueSettings): boolean {
  return (Object.keys(settings) as (keyof QueueSettings)[]).every((name) => queue[name] === settings[name])
}
