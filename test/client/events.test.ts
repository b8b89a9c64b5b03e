import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { ClientError, createClient, verifyWebhook, WebhookVerificationError } from '../../src/client/index.ts'
import { createWebhookSecret, webhookHeaders } from '../../src/model/webhook-signature.ts'
import { apiOf, topic } from '../support/assay-api.ts'
import { adminAuthorization, sharedAssay } from '../support/assay-server.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { startOtherSide } from './other-side.ts'

const event = (id: string) => ({ id, type: 'assay.asset.processed', time: '2026-01-01T00:00:00Z', actor: 'system' })

test('events go on where the last answer ended, whatever happens to the connection, each once', async () => {
  const answers = [
    { body: { items: [], nextCursor: '5', hasMore: false } },
    'cut',
    { body: { items: [event('6'), event('7')], nextCursor: '7', hasMore: false } },
    { status: 503, headers: { 'retry-after': '0' } },
    { body: { items: [], nextCursor: '9', hasMore: false } },
    { body: { items: [event('10')], nextCursor: '10', hasMore: false } },
  ] as const
  await using side = await startOtherSide((_request, index) => answers[index] ?? 'cut')
  const seen: string[] = []
  for await (const { id } of createClient({ url: side.url, credential: 'none' }).events({
    types: ['assay.asset.processed'],
    paths: ['/content/dam/a b'],
  })) {
    seen.push(id)
    if (id === '10') break
  }
  expect(seen).toEqual(['6', '7', '10'])
  const asked = side.seen.map(({ url }) => new URL(url, side.url).searchParams)
  expect(asked.map((query) => query.get('after'))).toEqual(['latest', '5', '5', '7', '7', '9'])
  expect([asked[0]!.get('type'), asked[0]!.get('path')]).toEqual(['assay.asset.processed', '/content/dam/a b'])
  expect(side.seen.map(({ headers }) => headers.prefer !== undefined)).toEqual([false, true, true, true, true, true])
})

test('events of a server whose answers are cut off in the middle come each once, in its order', async () => {
  const server = await sharedAssay()
  const api = apiOf(server)
  const folder = api.folder('client-events')
  const feed = async (after: string) => {
    const response = await api.send(`/api/v1/events?after=${after}&path=${folder}`)
    return (await response.json()) as { items: { id: string }[]; nextCursor: string }
  }
  const upload = async (round: number) => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => api.upload(`${folder}/${round}-${index}.dita`, topic(`Topic ${index}`))))
    await api.settled([folder])
  }
  const { nextCursor: start } = await feed('latest')
  await upload(0)
  await using proxy = await startTcpProxy(Number(new URL(server.url).port))
  const [user = '', password = ''] = atob(adminAuthorization.slice('Basic '.length)).split(':')
  const client = createClient({ url: `http://127.0.0.1:${proxy.port}`, credential: { user, password } })
  const events = client.events({ after: start, paths: [folder] })
  const seen: string[] = []
  const take = async (count: number) => {
    while (seen.length < count) seen.push((await events.next()).value!.id)
  }
  await take(20)
  // One answer is lost as a whole, one is cut in its head, one in its body.
  for (const [round, bytes] of [0, 100, 1500].entries())
    await Promise.all([proxy.cutAfter(bytes), take((round + 2) * 20), upload(round + 1)])
  await events.return()
  expect(seen).toEqual((await feed(start)).items.map(({ id }) => id))
})

test('events that are not followed end with what is there, and with the first error', async () => {
  const answers = [
    { body: { items: [event('6')], nextCursor: '6', hasMore: true } },
    { body: { items: [], nextCursor: '8', hasMore: true } },
    { body: { items: [event('9')], nextCursor: '9', hasMore: false } },
    { body: { items: [], nextCursor: '9', hasMore: true } },
    { status: 500 },
  ] as const
  await using side = await startOtherSide((_request, index) => answers[index] ?? 'cut')
  const client = createClient({ url: side.url, credential: 'none' })
  const read = async () => {
    const seen: string[] = []
    for await (const { id } of client.events({ after: 'oldest', follow: false })) seen.push(id)
    return seen
  }
  expect(await read()).toEqual(['6', '9'])
  expect(side.seen.map(({ headers }) => headers.prefer)).toEqual([undefined, undefined, undefined])
  await expect(read()).rejects.toMatchObject({ status: 500 })
})

test('events end with what is lost, and with the signal', async () => {
  await using side = await startOtherSide(() => ({ status: 410, body: { title: 'The events are no longer kept' } }))
  const client = createClient({ url: side.url, credential: 'none' })
  const lost = await client
    .events({ after: '1' })
    .next()
    .catch((error: unknown) => error)
  expect(lost).toBeInstanceOf(ClientError)
  expect(lost).toMatchObject({ status: 410 })
  const reason = new Error('enough')
  await expect(client.events({ signal: AbortSignal.abort(reason) }).next()).rejects.toBe(reason)
})

test('a webhook is believed if it is signed with one of the secrets a moment ago, by us or by any library', async () => {
  const [secret, former, other] = [createWebhookSecret(), createWebhookSecret(), createWebhookSecret()]
  const body = JSON.stringify({ type: 'assay.asset.processed', text: 'Grüße' })
  const now = Math.floor(Date.now() / 1000)
  const ours = webhookHeaders({ id: 'msg_1', timestamp: now, body }, [other, secret])
  expect(await verifyWebhook(body, ours, [former, secret])).toEqual(JSON.parse(body))
  expect(await verifyWebhook(Buffer.from(body), new Headers(ours), secret)).toEqual(JSON.parse(body))
  const theirs = {
    'webhook-id': 'msg_2',
    'webhook-timestamp': String(now),
    'webhook-signature': new Webhook(secret).sign('msg_2', new Date(now * 1000), body),
  }
  expect(await verifyWebhook(body, theirs, secret)).toEqual(JSON.parse(body))
  const lists = Object.fromEntries(Object.entries(ours).map(([name, value]) => [name.replace('webhook', 'Webhook'), [value]]))
  expect(await verifyWebhook(body, lists, secret)).toEqual(JSON.parse(body))
  for (const none of ['', 'whsec_', 'whsec_?', undefined as never])
    await expect(verifyWebhook(body, ours, none)).rejects.toThrow(/The secret is missing/)

  const old = webhookHeaders({ id: 'msg_1', timestamp: now - 301, body }, [secret])
  for (const [text, headers, secrets] of [
    [`${body} `, ours, secret],
    [body, ours, former],
    [body, { ...ours, 'webhook-id': 'msg_3' }, secret],
    [body, { ...ours, 'webhook-signature': ours['webhook-signature']!.replaceAll('v1,', 'v1a,') }, secret],
    [body, { ...ours, 'webhook-signature': 'v1,???' }, secret],
    [body, { ...ours, 'webhook-timestamp': 'NaN' }, secret],
    [body, { 'webhook-id': 'msg_1' }, secret],
    [body, old, secret],
  ] as const)
    await expect(verifyWebhook(text, headers, secrets)).rejects.toBeInstanceOf(WebhookVerificationError)
})
