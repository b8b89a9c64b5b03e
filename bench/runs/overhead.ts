/**
 * What a processing run costs besides the post-processing itself: marking, enqueuing, following and counting, per asset; and the memory of a
 * large run. Embedded database, or PostgreSQL.
 *
 *     node bench/runs/overhead.ts [assets=100000] [pglite|postgres]
 *
 * Nothing is read here: what the run has enqueued is settled by one statement at a time, whose time does not count.
 */
import { foldHash } from '../../src/model/fold-hash.ts'
import { openQueue } from '../../src/queue/open-queue.ts'
import { type DatabaseConnection, openDatabase } from '../../src/store/database.ts'
import { createRunStore } from '../../src/store/run-store.ts'
import { startPostgresServer } from '../../test/support/postgres-server.ts'
import { createDataDirectory, noDiskLimits, prepareDatabase } from '../../test/support/test-database.ts'

const folder = '/content/dam/bench'
const [count = '100000', engine = 'pglite'] = process.argv.slice(2)
const assets = Number(count)
const never = new AbortController().signal

await using directory = await createDataDirectory()
await using postgres = engine === 'postgres' ? await startPostgresServer() : null
await using database = await openDatabase(
  postgres ? { url: await postgres.createDatabase() } : { dataDirectory: directory.path, disk: noDiskLimits },
)
await prepareDatabase(database)
await using queue = await openQueue(database, { onTrouble: () => undefined })
await fill(database)
const runs = createRunStore(database, queue)
const filter = { types: null, createdFromMs: null, createdToMs: null, selection: 'all' } as const
const started = await runs.start({ path: folder, excluded: [], ...filter, createdBy: 'admin' })
if (started.outcome !== 'started') throw new Error(started.outcome)

const before = process.memoryUsage()
let [rss, heap, steps, inSteps, longest] = [before.rss, before.heapUsed, 0, 0, 0]
const turn = (await runs.begin(started.id))!
const counting = await timed(() => runs.count(turn, never))
for (;;) {
  const { ms, result } = await timed(() => runs.advance(turn))
  inSteps += ms
  steps++
  longest = Math.max(longest, ms)
  const { rss: now, heapUsed } = process.memoryUsage()
  ;[rss, heap] = [Math.max(rss, now), Math.max(heap, heapUsed)]
  if (result === 'finished') break
  if (result === 'waiting') await settle(database)
}
report('counting', `${Math.round(counting.ms)} ms`)
report('taking up, following and counting results', `${micro(inSteps)} µs an asset, ${steps} steps, the longest ${Math.round(longest)} ms`)
report('memory beyond that before the run', `${mib(rss - before.rss)} MiB of the process, ${mib(heap - before.heapUsed)} MiB of the heap`)
await reportTables(database)

/** As post-processing leaves them: settled, with a result. */
async function fill({ executeSql }: DatabaseConnection): Promise<void> {
  const path = `'${folder}/' || lpad((i % 1000)::text, 3, '0') || '/topic-with-a-usual-name-' || i || '.dita'`
  await executeSql(`insert into assay.folder (path, fold_hash) values ('${folder}', ${foldHash(folder)})`)
  for (let at = 0; at < assets; at += 10_000) {
    await executeSql(`insert into assay.asset (uuid, path, fold_hash, revision, status, type, size, sha256, blob_key, media_type, received_at, settled_at)
      select 'GUID-' || i, ${path}, i, 1, 2, 0, 5000, sha256(i::text::bytea), i::text, 'application/dita+xml', now() - interval '1 hour', now()
      from generate_series(${at}, ${Math.min(at + 10_000, assets) - 1}) i`)
  }
  await executeSql('vacuum analyze assay.asset')
}

async function settle({ executeSql }: DatabaseConnection): Promise<void> {
  await executeSql(`update assay.asset a set status = 2, settled_at = clock_timestamp() from (
    select (value #>> '{}')::bigint as id from pgboss.job j, jsonb_array_elements(j.data::jsonb -> 'assets') with ordinality as e(value, place)
    where j.name = 'post-process-assets' and e.place % 2 = 1) o where a.id = o.id and a.status = 0`)
  await executeSql(`delete from pgboss.job where name = 'post-process-assets'`)
}

async function reportTables({ executeSql }: DatabaseConnection): Promise<void> {
  const { rows } = await executeSql(
    `select pg_total_relation_size('assay.run_batch') as batches, pg_total_relation_size('assay.run_log') as log`,
  )
  report('kept for the run', `${Math.round(rows[0].batches / assets)} bytes an asset, ${Math.round(rows[0].log / 1024)} KiB of log`)
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const startedAt = performance.now()
  const result = await work()
  return { ms: performance.now() - startedAt, result }
}

function micro(ms: number): number {
  return Math.round((ms * 1000) / assets)
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 ** 2)
}

function report(what: string, figure: string): void {
  console.log(`${what.padEnd(52)} ${figure}`)
}
