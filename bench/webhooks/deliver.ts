/**
 * What webhooks cost and how fast they are: events that no webhook wants, and messages to one receiver in this process. With arguments: events
 * (default 20,000) and messages (default 2,000).
 */
import { sql } from 'kysely'
import { openTestDatabase } from '../../test/support/test-database.ts'
import { addWebhook, happen, startWorker } from '../../test/webhooks/delivery-harness.ts'
import { startReceiver } from '../../test/webhooks/receivers.ts'

const [events = 20_000, messages = 2_000] = process.argv.slice(2).map(Number)
const eventsAtOnce = 200
const someEvents = (count: number) => Array.from({ length: count }, (_, index) => ({ path: `/content/dam/bench/${index}.dita` }))

await using database = await openTestDatabase('pglite')

async function costOfEvents(): Promise<number> {
  const before = process.cpuUsage()
  for (let written = 0; written < events; written += eventsAtOnce) await happen(database, ...someEvents(eventsAtOnce))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / events
}

await costOfEvents()
console.log(`events without webhooks: ${(await costOfEvents()).toFixed(1)} µs of CPU time each`)
await using _worker = await startWorker(database)
for (let webhook = 0; webhook < 20; webhook++) await addWebhook(database, 'http://127.0.0.1:9/', { types: ['asset.deleted'] })
console.log(`with 20 webhooks that want none of them: ${(await costOfEvents()).toFixed(1)} µs`)

await sql`delete from assay.webhook`.execute(database.kysely)
await using receiver = await startReceiver()
await addWebhook(database, receiver.url)
const startedAt = performance.now()
await happen(database, ...someEvents(messages))
await receiver.got(messages)
console.log(`messages to one receiver that answers at once: ${Math.round((messages / (performance.now() - startedAt)) * 1000)} a second`)

const delays: number[] = []
for (let index = 0; index < 100; index++) {
  const before = receiver.received.length
  const committing = happen(database, ...someEvents(1)).then(() => performance.now())
  const arriving = receiver.got(before + 1).then(() => performance.now())
  const [committedAt, arrivedAt] = await Promise.all([committing, arriving])
  delays.push(Math.max(arrivedAt - committedAt, 0))
}
delays.sort((a, b) => a - b)
console.log(`from the commit of an event to its message: median ${delays[50]!.toFixed(0)} ms, p99 ${delays[98]!.toFixed(0)} ms`)
