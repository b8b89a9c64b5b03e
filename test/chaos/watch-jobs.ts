import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

/** A job as a worker has it: another worker's try at it has another count. */
interface HeldJob {
  readonly id: string
  readonly retryCount: number
}

const lookMs = 20
const patienceMs = 30_000

const activeJobs = `
  select j.id, j.retry_count as "retryCount", exists (select from pg_locks l where l.locktype = 'advisory'
      and l.database = (select oid from pg_database where datname = current_database())
      and l.objid = (hashtext(j.id || ':' || j.retry_count)::bigint & 4294967295)::oid) as locked
  from pgboss.job j where j.state = 'active' and j.name = 'post-process-assets'`

/** Sees from outside, in the database, what becomes of jobs. */
export class JobWatch {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  /** The jobs that workers are at, once there are some. Empty if there are none for a second. */
  someHeld(): Promise<readonly HeldJob[]> {
    return this.#connected(async (client) => {
      for (const until = performance.now() + 1_000; performance.now() < until; await pause(lookMs / 4)) {
        const { rows } = await client.query<HeldJob & { locked: boolean }>(activeJobs)
        if (rows.length > 1) return rows.filter(({ locked }) => locked)
      }
      return []
    })
  }

  /** For each of these jobs that has lost its worker, the instant (`performance.now()`) at which another one was at it. */
  orphansRestarted(held: readonly HeldJob[]): Promise<readonly number[]> {
    return this.#connected(async (client) => {
      const { rows } = await client.query<HeldJob & { locked: boolean }>(activeJobs)
      const orphans = held.filter((job) => rows.some((row) => row.id === job.id && row.retryCount === job.retryCount && !row.locked))
      const waiting = new Map(orphans.map((job) => [job.id, job.retryCount]))
      const restartedAt: number[] = []
      for (const until = performance.now() + patienceMs; waiting.size > 0; await pause(lookMs)) {
        const { rows: now } = await client.query<{ id: string; retryCount: number }>(
          `select id, retry_count as "retryCount" from pgboss.job where id = any($1::uuid[]) and state in ('active', 'completed')`,
          [[...waiting.keys()]],
        )
        for (const { id, retryCount } of now) if (retryCount > waiting.get(id)! && waiting.delete(id)) restartedAt.push(performance.now())
        if (performance.now() > until) throw new Error(`Jobs of a dead worker were not taken up: ${[...waiting.keys()].join(', ')}`)
      }
      return restartedAt
    })
  }

  /** Ends every other session of the database. */
  async terminateBackends(): Promise<void> {
    await this.#connected((client) =>
      client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'),
    )
  }

  async #connected<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client(this.#url)
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }
}
