import { sql } from 'kysely'
import type { JobClaim, PostProcessOrder } from '../../src/processing/ports.ts'
import { openQueue, type Queue, type QueueTrouble, type UseCases } from '../../src/queue/open-queue.ts'
import { type DatabaseConnection, openDatabase } from '../../src/store/database.ts'
import { createDatabase, createDataDirectory, type EngineName, noDiskLimits } from '../support/test-database.ts'

/** A database with one table in which work leaves its mark. */
export interface Probe extends AsyncDisposable {
  readonly database: DatabaseConnection
  /** What `openProbeDatabase` of another process is given. */
  readonly place: string
  /** Marks with how often each was made. */
  marks(): Promise<Map<string, number>>
  jobs(queue: string): Promise<{ id: string; state: string; retryCount: number }[]>
  /** Opens a queue that is stopped before the database is cleared or closed. */
  open(): Promise<{ queue: Queue; troubles: QueueTrouble[] }>
  /** Stops the queues and forgets all marks and jobs, for the next test. */
  clear(): Promise<void>
}

/** `place`: the URL of a server's database, or a data directory. */
export function openProbeDatabase(place: string): Promise<DatabaseConnection> {
  return openDatabase(place.startsWith('postgres:') ? { url: place } : { dataDirectory: place, disk: noDiskLimits })
}

export function openProbeQueue(database: DatabaseConnection, place: string, onTrouble: (trouble: QueueTrouble) => void): Promise<Queue> {
  return openQueue(database, { onTrouble, ...(place.startsWith('postgres:') && { databaseUrl: place }) })
}

export async function openProbe(engine: EngineName): Promise<Probe> {
  const opened = new AsyncDisposableStack()
  const place = engine === 'postgres' ? await createDatabase() : opened.use(await createDataDirectory()).path
  const database = opened.use(await openProbeDatabase(place))
  await database.executeSql('create table public.mark (name text not null)')
  let queues = opened.use(new AsyncDisposableStack())
  return {
    database,
    place,
    async marks() {
      const { rows } = await database.executeSql('select name, count(*) as count from public.mark group by name')
      return new Map(rows.map(({ name, count }) => [name, Number(count)]))
    },
    async jobs(queue) {
      const { rows } = await database.executeSql(
        'select id, state::text, retry_count as "retryCount" from pgboss.job where name = $1 order by created_on, state',
        [queue],
      )
      return rows
    },
    async open() {
      const troubles: QueueTrouble[] = []
      const queue = queues.use(await openProbeQueue(database, place, (trouble) => troubles.push(trouble)))
      return { queue, troubles }
    },
    async clear() {
      await queues.disposeAsync()
      queues = opened.use(new AsyncDisposableStack())
      await database.executeSql('delete from public.mark; delete from pgboss.job')
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** Sends post-processing orders for the ids, all of revision 1, in one transaction. */
export function sendOrders(database: DatabaseConnection, queue: Queue, ids: readonly number[]): Promise<void> {
  return database.transaction((trx) =>
    queue.sendPostProcess(
      trx,
      ids.map((id) => ({ id, revision: 1 })),
    ),
  )
}

/** The last transaction of a use case: marks every order and completes the job. */
export function markAndComplete(
  database: DatabaseConnection,
  queue: Queue,
  orders: readonly PostProcessOrder[],
  claim: JobClaim,
): Promise<void> {
  return database.transaction(async (trx) => {
    for (const { id } of orders) await sql`insert into public.mark (name) values (${String(id)})`.execute(trx)
    await queue.complete(trx, claim)
  })
}

/** Use cases of which a test replaces those it is about. The others must not be called, but for the sweep of every start. */
export function useCasesWith(replaced: Partial<UseCases>): UseCases {
  const unexpected = (name: string) => async () => {
    throw new Error(`${name} was not expected to be called.`)
  }
  return {
    postProcess: unexpected('postProcess'),
    giveUp: unexpected('giveUp'),
    takeBack: async () => {},
    runStatusJob: unexpected('runStatusJob'),
    giveUpStatusJob: unexpected('giveUpStatusJob'),
    takeRunTurn: unexpected('takeRunTurn'),
    giveUpRun: unexpected('giveUpRun'),
    resolveReferences: unexpected('resolveReferences'),
    applyPathRules: unexpected('applyPathRules'),
    sweep: async () => {},
    ...replaced,
  }
}

/** Rejects when the signal is aborted; resolves never. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  if (signal.aborted) reject(signal.reason)
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return promise
}
