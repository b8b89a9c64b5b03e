import { expect, it } from 'vitest'
import { webhookConcurrency } from '../../src/model/webhook-limits.ts'
import { openDatabase } from '../../src/store/database.ts'
import { startProgram } from '../support/program.ts'
import { createDatabase, createDataDirectory, noDiskLimits } from '../support/test-database.ts'
import { addWebhook, happen, startWorker } from './delivery-harness.ts'
import { type Receiver, startReceiver } from './receivers.ts'

const program = new URL('programs/deliver.ts', import.meta.url)
/** Paths of what came, without repetitions, in the order in which each came first. */
const pathsIn = (receiver: Receiver) => [...new Set(receiver.received.map(({ event }) => event.subject!))]
const numbersIn = (receiver: Receiver) => pathsIn(receiver).map((path) => Number(/\d+/.exec(path)![0]))
const all = (count: number) => Array.from({ length: count }, (_, index) => index)

/** A message may come twice, and then has the same id. */
function expectOneIdEach(receiver: Receiver): void {
  const ids = new Map(receiver.received.map(({ event, id }) => [event.subject, id]))
  expect(receiver.received.filter(({ event, id }) => ids.get(event.subject) !== id)).toEqual([])
}

it('loses nothing when the process with its embedded database is killed', async () => {
  await using directory = await createDataDirectory()
  await using receiver = await startReceiver()
  {
    await using killed = startProgram(program, [JSON.stringify({ dataDirectory: directory.path }), receiver.url, '400'])
    await receiver.got(50)
    await killed.kill()
    expect(killed.errors()).toBe('')
  }
  expect(pathsIn(receiver).length).toBeLessThan(400)
  const before = receiver.received.length
  await using database = await openDatabase({ dataDirectory: directory.path, disk: noDiskLimits })
  await using _worker = await startWorker(database)
  await happen(database, { type: 'run.finished', path: '/content/dam/a/400.dita' })
  while (!pathsIn(receiver).includes('/content/dam/a/400.dita')) await receiver.got(receiver.received.length + 1)
  expect(numbersIn(receiver).toSorted((a, b) => a - b)).toEqual(all(401))
  expectOneIdEach(receiver)
  // What was under way, and what had been answered but not written down yet.
  expect(receiver.received.length - 401).toBeLessThanOrEqual(before)
})

it('goes on within seconds in another process of a cluster, which had stood by until then', async () => {
  const url = await createDatabase()
  await using database = await openDatabase({ url })
  await using receiver = await startReceiver(() => new Promise((resolve) => setTimeout(resolve, 2, 204)))
  await using first = startProgram(program, [JSON.stringify({ url })])
  await addWebhook(database, receiver.url)
  await happen(database, ...all(300).map((index) => ({ path: `/content/dam/a/${index}.dita` })))
  await receiver.got(1)
  await using second = startProgram(program, [JSON.stringify({ url })])
  await second.lines.next()
  await happen(database, ...all(300).map((index) => ({ path: `/content/dam/a/${300 + index}.dita` })))
  await receiver.got(320)
  // One process at a time has sent, or there would have been more at once.
  expect(receiver.mostAtOnce).toBeLessThanOrEqual(webhookConcurrency)
  const killedAt = performance.now()
  await first.kill()
  const seen = receiver.received.length
  await receiver.got(seen + webhookConcurrency + 1)
  // The lease of two seconds, and a look; nothing else would ever make it go on.
  expect(performance.now() - killedAt).toBeLessThan(10_000)
  await happen(database, { type: 'run.finished', path: '/content/dam/a/600.dita' })
  while (!pathsIn(receiver).includes('/content/dam/a/600.dita')) await receiver.got(receiver.received.length + 1)
  expect(numbersIn(receiver).toSorted((a, b) => a - b)).toEqual(all(601))
  expectOneIdEach(receiver)
  expect([first.errors(), second.errors()]).toEqual(['', ''])
})
