import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { CreatedWebhook, Delivery, DeliveryDetail, DeliveryPage, ReplayAnswer } from '../../src/contract/native/webhook.ts'
import { createWebhookQueue } from '../../src/store/webhook-queue.ts'
import { eventually } from '../support/assay-api.ts'
import { happen, startWorker } from '../webhooks/delivery-harness.ts'
import { type Receiver, startReceiver } from '../webhooks/receivers.ts'
import { type HttpHarness, startHttpHarness } from './http-harness.ts'

const address = '/api/v1/webhooks'
let http: HttpHarness
let worker: AsyncDisposable
let opened = new AsyncDisposableStack()
beforeAll(async () => {
  http = await startHttpHarness()
  worker = await startWorker(http.database)
})
afterEach(async () => {
  await http.database.kysely.deleteFrom('assay.webhook').execute()
  await opened.disposeAsync()
  opened = new AsyncDisposableStack()
})
afterAll(async () => {
  await worker[Symbol.asyncDispose]()
  await http[Symbol.asyncDispose]()
})

const receive = async (...reply: Parameters<typeof startReceiver>): Promise<Receiver> => opened.use(await startReceiver(...reply))
const call = (method: string, target: string, body?: unknown) =>
  http.fetch(target, { method, ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) })
const told = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T
const add = (order: object) => told<CreatedWebhook>(call('POST', address, order))
const deliveries = async (id: string, query = '') => (await told<DeliveryPage>(call('GET', `${address}/${id}/deliveries${query}`))).items
const delivered = (id: string, count: number) =>
  eventually(
    () => deliveries(id),
    (items) => items.filter(({ status }) => status === 'SUCCESS').length === count,
  )

describe('a webhook', () => {
  it('is added, shown, changed and removed; its secret is shown once', async () => {
    const receiver = await receive()
    const order = { url: receiver.url, types: ['assay.asset.processed'], paths: ['content/dam/a/'], description: 'chat' }
    const response = await call('POST', address, order)
    expect(response.status).toBe(201)
    const { secret, ...shown } = (await response.json()) as CreatedWebhook
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(shown).toMatchObject({
      ...order,
      paths: ['/content/dam/a'],
      format: 'cloudevents',
      enabled: true,
      disabledReason: null,
      createdBy: 'admin',
    })
    expect(response.headers.get('location')).toBe(`${address}/${shown.id}`)
    expect(await told(call('GET', address))).toEqual({ items: [shown], nextCursor: null })
    expect(await told(call('GET', `${address}/${shown.id}`))).toEqual(shown)

    const changed = await told(call('PATCH', `${address}/${shown.id}`, { types: null, enabled: false }))
    expect(changed).toMatchObject({ types: null, paths: ['/content/dam/a'], enabled: false, disabledReason: 'Switched off by admin.' })
    expect((await call('DELETE', `${address}/${shown.id}`)).status).toBe(204)
    expect((await call('DELETE', `${address}/${shown.id}`)).status).toBe(404)
    const events = await http.database.kysely
      .selectFrom('assay.event')
      .where('subject', '=', shown.id)
      .select(['detail', 'actor'])
      .execute()
    expect(events.map(({ actor }) => actor)).toEqual(['admin', 'admin', 'admin'])
    expect(JSON.stringify(events)).not.toContain(secret)
  })

  it.each([
    [{ url: 'http://127.0.0.2/' }, '/url'],
    [{ url: 'http://localhost./' }, null],
    [{ url: 'http://[::ffff:169.254.169.254]/' }, '/url'],
    [{ url: 'ftp://example.com/' }, '/url'],
    [{ url: 'https://user:password@example.com/' }, '/url'],
    [{ url: 'https://example.com/', types: ['assay.unknown'] }, '/types/0'],
    [{ url: 'https://example.com/', types: ['assay.token.created'] }, '/types/0'],
    [{ url: 'https://example.com/', paths: ['/content/../etc'] }, '/paths/0'],
    [{ url: 'https://example.com/', secret: 'mine' }, '/secret'],
    [{}, '/url'],
  ])('is not made from %j', async (order, pointer) => {
    const response = await call('POST', address, order)
    expect(response.status).toBe(pointer === null ? 201 : 400)
    if (pointer) expect(((await response.json()) as { errors: object[] }).errors).toContainEqual(expect.objectContaining({ pointer }))
  })

  it('that is not there is answered with 404', async () => {
    const id = '00000000-0000-4000-8000-000000000000'
    for (const [method, target, body] of [
      ['GET', ''],
      ['PATCH', '', { enabled: true }],
      ['POST', '/rotate', {}],
      ['POST', '/test'],
      ['POST', '/replay', { what: 'failed', since: '2020-01-01T00:00:00Z' }],
      ['GET', '/deliveries'],
      ['GET', '/deliveries/1'],
      ['POST', '/deliveries/1/replay'],
    ] as const) {
      expect((await call(method, `${address}/${id}${target}`, body)).status, `${method} ${target}`).toBe(404)
    }
  })
})

it('signs with every secret of the rotations whose overlap is not over', async () => {
  const receiver = await receive()
  const { id, secret: old } = await add({ url: receiver.url, types: ['assay.asset.processed'] })
  const rotate = (overlapSeconds: number) => told<CreatedWebhook>(call('POST', `${address}/${id}/rotate`, { overlapSeconds }))
  /** What verifies the next message. */
  const signers = async (secrets: readonly string[]) => {
    const before = receiver.received.length
    await happen(http.database, { path: '/content/dam/a/1.dita' })
    const { body, headers } = (await receiver.got(before + 1)).at(-1)!
    return secrets.filter((secret) => {
      try {
        return new Webhook(secret).verify(body, headers as Record<string, string>)
      } catch {
        return false
      }
    })
  }
  expect(await signers([old])).toEqual([old])
  // Both at once, as two people do it: which one came first is seen by which one is the secret at the end.
  const both = await Promise.all([rotate(7200), rotate(7200)])
  const [first, second] = both[0].previousSecretsUntil.length === 1 ? both : both.toReversed()
  const { secret, previousSecretsUntil } = await rotate(3600)
  expect(previousSecretsUntil.map((until) => Math.round((Date.parse(until) - Date.now()) / 3_600_000))).toEqual([2, 2, 1])
  const all = [old, first!.secret, second!.secret, secret]
  // The worker learns of it within a moment.
  await eventually(
    () => signers(all),
    ({ length }) => length === 4,
  )
  // The clock of this machine says nothing of how long: that of the database has said until when.
  vi.setSystemTime(Date.now() + 2 * 3_600_000)
  const claimed = await createWebhookQueue(http.database)
    .claim(randomUUID())
    .finally(() => vi.useRealTimers())
  expect(claimed.map(({ secrets }) => [secrets[0], new Set(secrets)])).toEqual([[secret, new Set(all)]])
  // One ends by itself.
  await http.database.kysely
    .updateTable('assay.webhook')
    .set({ previous_secrets_until: sql`array[previous_secrets_until[1], previous_secrets_until[2], now()]` })
    .where('id', '=', id)
    .execute()
  await eventually(
    () => signers(all),
    (signing) => signing.length === 3 && !signing.includes(second!.secret),
  )
  for (let times = 0; times < 7; times++) await rotate(3600)
  const refused = await call('POST', `${address}/${id}/rotate`, {})
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([409, 'ASSAY-TOO-MANY-SECRETS'])
  const { secret: newest } = await rotate(0)
  await eventually(
    () => signers([...all, newest]),
    ([only, ...others]) => only === newest && others.length === 0,
  )
})

it('sends a test message once, and says what came of it', async () => {
  const receiver = await receive(() => ({ status: 500, body: 'not ready' }))
  const { id } = await add({ url: receiver.url, types: ['assay.asset.deleted'] })
  const response = await call('POST', `${address}/${id}/test`)
  expect(response.status).toBe(202)
  const delivery = await eventually(
    () => told<DeliveryDetail>(call('GET', response.headers.get('location')!)),
    ({ status }) => status !== 'PENDING',
  )
  expect(delivery).toMatchObject({ type: 'assay.webhook.test', status: 'FAILURE', tries: [{ status: 500, excerpt: 'not ready' }] })
  expect(delivery.body).toBe(receiver.received[0]!.body)
  expect(receiver.received[0]!.id).toBe(delivery.messageId)
})

describe('deliveries', () => {
  it('are listed with what was answered, newest first, in pages, by status', async () => {
    const receiver = await receive(({ event }) => (event.subject?.endsWith('1.dita') ? { status: 400, body: 'no' } : 200))
    const { id } = await add({ url: receiver.url, types: ['assay.asset.processed'] })
    await happen(http.database, ...[0, 1, 2].map((index) => ({ path: `/content/dam/a/${index}.dita`, subject: 'GUID-same' })))
    await delivered(id, 2)
    const all = await deliveries(id)
    expect(all.map(({ path }) => path)).toEqual(['/content/dam/a/2.dita', '/content/dam/a/1.dita', '/content/dam/a/0.dita'])
    expect(all[1]).toMatchObject({
      status: 'PENDING',
      failures: 1,
      tries: [{ status: 400, excerpt: 'no', error: 'The receiver answered 400.' }],
    })
    expect(Date.parse(all[1]!.nextTryAt!)).toBeGreaterThan(Date.now())
    expect((await deliveries(id, '?status=PENDING')).map(({ id }) => id)).toEqual([all[1]!.id])
    const page = await told<DeliveryPage>(call('GET', `${address}/${id}/deliveries?limit=2`))
    expect(page.items).toEqual(all.slice(0, 2))
    expect(await deliveries(id, `?cursor=${page.nextCursor}`)).toEqual(all.slice(2))
    for (const foreign of ['1e300', '1.5', 'abc', '9'.repeat(20)]) {
      const query = `?cursor=${Buffer.from(foreign).toString('base64url')}`
      expect((await call('GET', `${address}/${id}/deliveries${query}`)).status, foreign).toBe(400)
    }
    const detail = await told<DeliveryDetail>(call('GET', `${address}/${id}/deliveries/${all[0]!.id}`))
    expect(detail.body).toBe(receiver.received[2]!.body)
  })

  it('are sent again when that is asked for: one, or all that failed since then', async () => {
    let isBroken = true
    const receiver = await receive(() => (isBroken ? 410 : 200))
    const { id } = await add({ url: receiver.url, types: ['assay.asset.processed'] })
    const since = new Date(Date.now() - 1000).toISOString()
    await happen(http.database, { path: '/content/dam/a/1.dita' })
    await eventually(
      () => told<{ enabled: boolean }>(call('GET', `${address}/${id}`)),
      ({ enabled }) => !enabled,
    )
    const [failed] = await deliveries(id)
    const disabled = await call('POST', `${address}/${id}/deliveries/${failed!.id}/replay`)
    expect(disabled.status).toBe(409)
    expect(await disabled.json()).toMatchObject({ code: 'ASSAY-WEBHOOK-DISABLED', detail: expect.stringContaining('410') })

    isBroken = false
    await call('PATCH', `${address}/${id}`, { enabled: true, types: ['assay.asset.processed'] })
    expect(await told<ReplayAnswer>(call('POST', `${address}/${id}/replay`, { what: 'failed', since }))).toEqual({
      replayed: 1,
      more: false,
    })
    await delivered(id, 1)
    expect(await told<Delivery>(call('POST', `${address}/${id}/deliveries/${failed!.id}/replay`))).toMatchObject({
      status: 'PENDING',
      failures: 0,
    })
    await receiver.got(3)
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1)
    expect((await delivered(id, 1))[0]!.tries.map(({ status }) => status)).toEqual([410, 200, 200])
  })

  it('are made of what was never tried, when that is asked for, and only of that', async () => {
    const receiver = await receive()
    const since = new Date().toISOString()
    await happen(http.database, { path: '/content/dam/a/before.dita' }, { path: '/content/dam/other.dita' })
    const { id } = await add({ url: receiver.url, types: ['assay.asset.processed'], paths: ['/content/dam/a'] })
    await happen(http.database, { path: '/content/dam/a/tried.dita' })
    await delivered(id, 1)
    await call('PATCH', `${address}/${id}`, { enabled: false })
    await happen(http.database, { path: '/content/dam/a/while-off.dita' })
    await call('PATCH', `${address}/${id}`, { enabled: true })
    expect(receiver.received).toHaveLength(1)
    const replay = () => told<ReplayAnswer>(call('POST', `${address}/${id}/replay`, { what: 'never-attempted', since }))
    expect(await replay()).toEqual({ replayed: 2, more: false })
    await delivered(id, 3)
    expect(receiver.received.map(({ event }) => event.subject?.split('/').at(-1))).toEqual(['tried.dita', 'before.dita', 'while-off.dita'])
    expect(await replay()).toEqual({ replayed: 0, more: false })
  })
})
