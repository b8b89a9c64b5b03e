import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { webhookConcurrency, webhookRetryDelaysMs } from '../../src/model/webhook-limits.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import { createWebhookQueue } from '../../src/store/webhook-queue.ts'
import { eventually } from '../support/assay-api.ts'
import { openTestDatabase } from '../support/test-database.ts'
import { addWebhook, deliveriesOf, happen, passTime, secret, startWorker } from './delivery-harness.ts'
import { type Receiver, startReceiver } from './receivers.ts'

let database: DatabaseConnection
let worker: AsyncDisposable
let opened = new AsyncDisposableStack()
beforeAll(async () => {
  database = await openTestDatabase('pglite')
  worker = await startWorker(database)
})
afterEach(async () => {
  await database.kysely.deleteFrom('assay.webhook').execute()
  await opened.disposeAsync()
  opened = new AsyncDisposableStack()
})
afterAll(async () => {
  await worker[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const receive = async (...reply: Parameters<typeof startReceiver>): Promise<Receiver> => opened.use(await startReceiver(...reply))
const settled = (webhook: string, count: number) =>
  eventually(
    () => deliveriesOf(database, webhook),
    (deliveries) => deliveries.length === count && deliveries.every(({ status }) => status !== 'PENDING'),
  )
const tried = (webhook: string, tries: number) =>
  eventually(
    () => deliveriesOf(database, webhook),
    (deliveries) => deliveries.some((delivery) => delivery.tries.length === tries),
  )

it('sends each event once, in order, signed, as a CloudEvent that is the event of the feed', async () => {
  const receiver = await receive()
  const webhook = await addWebhook(database, receiver.url)
  const paths = Array.from({ length: 30 }, (_, index) => `/content/dam/a/${index}.dita`)
  await happen(database, ...paths.map((path) => ({ path, subject: 'GUID-same' })))
  const received = await receiver.got(30)
  expect(received.map(({ event }) => event.subject)).toEqual(paths)
  const [{ headers, body, id, event }] = received as [(typeof received)[0]]
  expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(event)
  expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
  expect(event).toMatchObject({
    specversion: '1.0',
    id,
    source: 'urn:test',
    type: 'assay.asset.processed',
    datacontenttype: 'application/json',
    data: { id, type: 'assay.asset.processed', path: paths[0], uuid: 'GUID-same', status: 'SUCCESS' },
  })
  expect(await settled(webhook, 30)).toHaveLength(30)
  expect(receiver.received).toHaveLength(30)
})

it('speaks as AEM Guides does, of post-processing alone', async () => {
  const receiver = await receive()
  await addWebhook(database, receiver.url, { format: 'guides' })
  await happen(
    database,
    { type: 'asset.received', path: '/content/dam/a/x.dita', status: null },
    { path: '/content/dam/a/x.dita' },
    {
      path: '/content/dam/a/x.dita',
      revision: 2,
      status: 'FAILURE',
      detail: { again: true, problems: [{ code: 'X', message: 'It is broken.' }] },
    },
  )
  const [created, modified] = await receiver.got(2)
  expect(created!.event.type).toBe('com/adobe/guides/postprocess/complete')
  const known = { path: '/content/dam/a/x.dita', uuid: 'GUID-/content/dam/a/x.dita' }
  expect(created!.event.data).toEqual({ ...known, eventType: 'CREATE', status: 'SUCCESS' })
  expect(modified!.event.data).toEqual({ ...known, eventType: 'MODIFY', status: 'FAILED', errorMsg: 'It is broken.' })
})

it('sends what is wanted and nothing else', async () => {
  const receiver = await receive()
  const webhook = await addWebhook(database, receiver.url, { types: ['asset.deleted'], paths: ['/content/dam/a'] })
  const noise = Array.from({ length: 300 }, (_, index) => ({ path: `/content/dam/a/${index}.dita` }))
  await happen(database, ...noise, { type: 'asset.deleted', path: '/content/dam/ab/x.dita' })
  await happen(database, { type: 'asset.deleted', path: '/content/dam/a/x.dita' })
  expect((await receiver.got(1)).map(({ event }) => event.subject)).toEqual(['/content/dam/a/x.dita'])
  expect(await settled(webhook, 1)).toHaveLength(1)
})

it('finds a folder in either Unicode form, and tells nobody of what is for administrators', async () => {
  const [folder, everything] = [await receive(), await receive()]
  await addWebhook(database, folder.url, { paths: ['/content/dam/café'.normalize('NFC')] })
  await addWebhook(database, everything.url)
  const path = '/content/dam/café/x.dita'.normalize('NFD')
  await happen(database, { type: 'token.created', path: null, subject: 'token' }, { path })
  expect((await folder.got(1))[0]!.event.subject).toBe(path)
  expect((await everything.got(1)).map(({ event }) => event.type)).toEqual(['assay.asset.processed'])
})

it('keeps the order of each asset, and tells of jobs after all before them, while several are under way', async () => {
  const gate = Promise.withResolvers<number>()
  const receiver = await receive(({ event }) =>
    event.type === 'assay.asset.processed' && receiver.received.length <= webhookConcurrency ? gate.promise : 204,
  )
  await addWebhook(database, receiver.url)
  const many = Array.from({ length: 20 }, (_, index) => ({ path: `/content/dam/a/${index % 10}.dita`, revision: index < 10 ? 1 : 2 }))
  await happen(
    database,
    ...many,
    { type: 'status-job.finished', path: null, subject: 'job' },
    { path: '/content/dam/a/0.dita', revision: 3 },
  )
  await receiver.got(webhookConcurrency)
  gate.resolve(204)
  const order = (await receiver.got(22)).map(({ event }) => `${event.subject ?? event.type} ${event.data.revision ?? ''}`)
  expect(receiver.mostAtOnce).toBe(webhookConcurrency)
  expect(order.slice(20)).toEqual(['assay.status-job.finished 1', '/content/dam/a/0.dita 3'])
  for (let asset = 0; asset < 10; asset++) {
    expect(order.indexOf(`/content/dam/a/${asset}.dita 1`)).toBeLessThan(order.indexOf(`/content/dam/a/${asset}.dita 2`))
  }
})

describe('what fails', () => {
  it('is tried again by the schedule with the same id, and then given up', async () => {
    const receiver = await receive(() => ({ status: 500, body: 'out of order' }))
    const webhook = await addWebhook(database, receiver.url)
    await happen(database, { path: '/content/dam/a/x.dita' })
    const waits: (number | null)[] = []
    for (let tries = 1; tries <= webhookRetryDelaysMs.length; tries++) {
      const [delivery] = await tried(webhook, tries)
      waits.push(delivery!.waits)
      await passTime(database, webhook)
    }
    const planned = webhookRetryDelaysMs.slice(1).map((ms) => ms / 1000)
    for (const [index, seconds] of planned.entries()) expect(waits[index]).toSatisfy((wait) => Math.abs(wait - seconds) < 2)
    expect(waits.at(-1)).toBeNull()
    const [delivery] = await deliveriesOf(database, webhook)
    expect(delivery).toMatchObject({ status: 'FAILURE', failures: 10 })
    expect(delivery!.tries.at(-1)).toMatchObject({ status: 500, excerpt: 'out of order', error: 'The receiver answered 500.' })
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1)
    expect(receiver.received).toHaveLength(10)
  })

  it('holds up neither the messages after it nor other receivers', async () => {
    const [poisoned, dead, live] = [
      await receive(({ event }) => (event.subject?.endsWith('1.dita') ? 400 : 204)),
      await receive(() => null),
      await receive(),
    ]
    const [first, , last] = [
      await addWebhook(database, poisoned.url),
      await addWebhook(database, dead.url),
      await addWebhook(database, live.url),
    ]
    await happen(database, ...[0, 1, 2].map((index) => ({ path: `/content/dam/a/${index}.dita` })))
    await Promise.all([poisoned.got(3), dead.got(3), live.got(3)])
    expect((await settled(last, 3)).map(({ status }) => status)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS'])
    const deliveries = await eventually(
      () => deliveriesOf(database, first),
      (rows) => rows.length === 3,
    )
    expect(deliveries.map(({ status }) => status)).toEqual(['SUCCESS', 'PENDING', 'SUCCESS'])
  })

  it('waits in the log while a receiver is dead, and comes in order when it lives again', async () => {
    let isDead = true
    const receiver = await receive(() => (isDead ? 503 : 204))
    const webhook = await addWebhook(database, receiver.url)
    const paths = Array.from({ length: 200 }, (_, index) => `/content/dam/a/${String(index).padStart(3, '0')}.dita`)
    await happen(database, ...paths.map((path) => ({ path })))
    const failed = await eventually(
      () => deliveriesOf(database, webhook),
      (rows) => rows.length >= 5,
    )
    expect(failed.length).toBeLessThan(20)
    isDead = false
    const before = receiver.received.length
    await passTime(database, webhook)
    await settled(webhook, 200)
    const order = receiver.received.slice(before).map(({ event }) => event.subject!)
    expect(new Set(order).size).toBe(200)
    // Eight are under way at a time.
    expect(order.every((path, index) => Math.abs(paths.indexOf(path) - index) < 2 * webhookConcurrency)).toBe(true)
  })

  it('is left alone for as long as the receiver asks', async () => {
    const receiver = await receive(() => ({ status: 429, headers: { 'retry-after': '600' } }))
    const webhook = await addWebhook(database, receiver.url)
    await happen(database, { path: '/content/dam/a/x.dita' })
    const [delivery] = await tried(webhook, 1)
    expect(delivery!.waits).toSatisfy((wait: number) => Math.abs(wait - 600) < 5)
    await passTime(database, webhook)
    await happen(database, { path: '/content/dam/a/y.dita' })
    const other = await receive()
    await addWebhook(database, other.url)
    await happen(database, { path: '/content/dam/a/z.dita' })
    await other.got(1)
    expect(receiver.received).toHaveLength(1)
  })

  it('is forgotten when the webhook gets the URL of another receiver', async () => {
    const receiver = await receive(() => ({ status: 429, headers: { 'retry-after': '600' } }))
    const webhook = await addWebhook(database, receiver.url)
    await happen(database, { path: '/content/dam/a/x.dita' })
    await tried(webhook, 1)
    const other = await receive()
    await database.kysely.updateTable('assay.webhook').set({ url: other.url }).where('id', '=', webhook).execute()
    await passTime(database, webhook)
    await other.got(1)
  })

  it.each([
    ['that is gone', 410, 0, /410/],
    ['that has failed for days', 500, 6, /6 days/],
  ])('disables a receiver %s, and tells of it', async (_what, status, daysBefore, reason) => {
    const witness = await receive()
    await addWebhook(database, witness.url, { types: ['webhook.disabled'] })
    const receiver = await receive(() => status)
    const webhook = await addWebhook(database, receiver.url)
    const failingSince = daysBefore === 0 ? null : new Date(Date.now() - daysBefore * 24 * 3_600_000)
    await database.kysely.updateTable('assay.webhook').set({ failing_since: failingSince }).where('id', '=', webhook).execute()
    await happen(database, { path: '/content/dam/a/x.dita' })
    const [told] = await witness.got(1)
    expect(told!.event.data).toMatchObject({
      type: 'assay.webhook.disabled',
      webhookId: webhook,
      detail: { reason: expect.stringMatching(reason) },
    })
    const row = await database.kysely.selectFrom('assay.webhook').where('id', '=', webhook).selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ enabled: false, disabled_reason: expect.stringMatching(reason) })
    expect((await deliveriesOf(database, webhook)).map((delivery) => delivery.status)).toEqual(['FAILURE'])
    await happen(database, { path: '/content/dam/a/y.dita' })
    expect(receiver.received).toHaveLength(1)
  })
})

it('goes on where it was after a restart, without what nobody wants', async () => {
  const receiver = await receive()
  const webhook = await addWebhook(database, receiver.url)
  await happen(database, { path: '/content/dam/a/1.dita' })
  await settled(webhook, 1)
  await worker[Symbol.asyncDispose]()
  await happen(database, { path: '/content/dam/a/2.dita' })
  worker = await startWorker(database)
  await settled(webhook, 2)
  expect(receiver.received.map(({ event }) => event.subject)).toEqual(['/content/dam/a/1.dita', '/content/dam/a/2.dita'])
})

it('is taken over from a worker that has gone, however long the clock says that it lives, and not from one that lives', async () => {
  await using server = await openTestDatabase('postgres')
  const id = await addWebhook(server, 'http://127.0.0.1:1/')
  const queue = createWebhookQueue(server)
  const [first, second] = [randomUUID(), randomUUID()]
  const owned = async (by: string) => (await queue.claim(by)).map((webhook) => webhook.id)
  expect([await owned(first), await owned(second)]).toEqual([[id], []])
  // The clock was set back since then.
  const setBack = () => server.executeSql(`update assay.webhook_worker set until = until + interval '3 days'`)
  await setBack()
  expect([await owned(first), await owned(second)]).toEqual([[id], []])
  await setBack()
  expect([await owned(second), await owned(first)]).toEqual([[id], []])
})
