import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InitiatedUpload } from '../../src/contract/dam/direct-upload.ts'
import type { Event } from '../../src/contract/native/event.ts'
import type { CreatedToken } from '../../src/contract/native/token.ts'
import type { DeliveryPage } from '../../src/contract/native/webhook.ts'
import { maxScannedEvents, maxToldNames, maxToldPaths } from '../../src/model/event-limits.ts'
import { writeEvents } from '../../src/store/queries/write-events.ts'
import { type EngineName, engines } from '../support/test-database.ts'
import { type HttpHarness, startHttpHarness } from './http-harness.ts'
import { routes } from './route-matrix.ts'

interface Page {
  readonly items: Event[]
  readonly nextCursor: string | null
}

let http: HttpHarness
let token: CreatedToken
let actor = ''

async function start(engine: EngineName): Promise<void> {
  http = await startHttpHarness({}, engine)
  token = await told<CreatedToken>(
    http.fetch('/api/v1/tokens', {
      method: 'POST',
      body: JSON.stringify({ name: 'auditor', scopes: ['admin'] }),
      headers: { 'content-type': 'application/json' },
    }),
  )
  actor = `token:${token.id}`
}

const bearer = () => ({ authorization: `Bearer ${token.token}` })
/** With the token whose changes are looked for. */
const send = (method: string, target: string, body?: string | FormData, headers: Record<string, string> = {}) =>
  http.fetch(target, { method, ...(body !== undefined && { body }), headers: { ...bearer(), ...headers } })
const json = (method: string, target: string, body: object, headers: Record<string, string> = {}) =>
  send(method, target, JSON.stringify(body), { 'content-type': 'application/json', ...headers })
const post = (target: string, body: object) => json('POST', target, body)
const form = (target: string, pairs: Record<string, string>) =>
  send('POST', target, new URLSearchParams(pairs).toString(), { 'content-type': 'application/x-www-form-urlencoded' })
const transfer = (method: string, source: string, to: string) =>
  send(method, `/api/assets/${source}`, undefined, { 'x-destination': `/api/assets/${to}` })
const told = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T
const audit = async (query: string): Promise<Page> => {
  const response = await http.fetch(`/api/v1/audit?${query}`)
  expect(response.status, await response.clone().text()).toBe(200)
  return (await response.json()) as Page
}

/** What of a direct upload, of a run, a webhook and a token the next calls need. */
let upload: InitiatedUpload
let run = ''
let webhook = ''
let other = ''

async function initiate(folder: string, name: string): Promise<Response> {
  const response = await form(`${folder}.initiateUpload.json`, { fileName: name, fileSize: '3' })
  upload = (await response.clone().json()) as InitiatedUpload
  return response
}
const putPart = () => fetch(upload.files[0]!.uploadURIs[0]!, { method: 'PUT', body: 'abc' })
const complete = (folder: string, name: string) =>
  form(`${folder}.completeUpload.json`, { fileName: name, fileSize: '3', uploadToken: upload.files[0]!.uploadToken })
function sendFile(target: string, field: string, name: string): Promise<Response> {
  const body = new FormData()
  body.append(field, new File(['<topic id="a"><title>A</title></topic>'], name))
  return send('POST', target, body)
}
async function keepId(response: Promise<Response>, name: 'id' | 'processingId', keep: (id: string) => void): Promise<Response> {
  const answer = await response
  keep(((await answer.clone().json()) as Record<string, string>)[name]!)
  return answer
}
const runOf = (id: string) => (run = id)
const delivery = async () => (await told<DeliveryPage>(send('GET', `/api/v1/webhooks/${webhook}/deliveries`))).items[0]!.id

/**
 * Each route that changes something, called with success, and the events that it writes in the name of its caller. In this order: later ones
 * change what earlier ones have made.
 */
const changes: [route: string, types: string[], call: () => Promise<Response>][] = [
  ['POST /api/v1/folders', ['folder.created'], () => post('/api/v1/folders', { path: '/content/dam/a' })],
  ['PUT /content/dam/*', ['asset.received'], () => send('PUT', '/content/dam/a/one.dita', 'one')],
  ['PUT /content/dam/*', ['asset.received'], () => send('PUT', '/content/dam/a/one.dita', 'one, changed')],
  ['PUT /content/dam/*', [], () => send('PUT', '/content/dam/a/one.dita', 'one, changed')],
  ['POST /content/dam/*.initiateUpload.json', [], () => initiate('/content/dam/a', 'direct')],
  ['PUT /uploads/:upload/:number', [], putPart],
  ['POST /content/dam/*.completeUpload.json', ['asset.received'], () => complete('/content/dam/a', 'direct')],
  ['POST /content/dam.initiateUpload.json', [], () => initiate('/content/dam', 'direct')],
  ['PUT /uploads/:upload/:number', [], putPart],
  ['POST /content/dam.completeUpload.json', ['asset.received'], () => complete('/content/dam', 'direct')],
  ['POST /content/dam/*.createasset.html', ['asset.received'], () => sendFile('/content/dam/a.createasset.html', 'file', 'form.dita')],
  ['POST /content/dam.createasset.html', ['asset.received'], () => sendFile('/content/dam.createasset.html', 'file', 'form.dita')],
  [
    'POST /bin/guides/v1/asset/import',
    ['asset.received'],
    () => sendFile('/bin/guides/v1/asset/import?target=/content/dam/a', 'file', 'import.dita'),
  ],
  ['POST /api/assets/*', ['folder.created'], () => post('/api/assets/b', { class: 'assetFolder', properties: { title: 'B' } })],
  ['POST /api/assets/*', ['asset.received'], () => send('POST', '/api/assets/b/raw.txt', 'raw', { 'content-type': 'text/plain' })],
  ['POST /api/assets/*', ['asset.received'], () => sendFile('/api/assets/b/*', 'file', 'form.txt')],
  ['PUT /api/assets/*', ['asset.received'], () => send('PUT', '/api/assets/b/raw.txt', 'raw, changed', { 'content-type': 'text/plain' })],
  ['PUT /api/assets/*', ['asset.described'], () => json('PUT', '/api/assets/b/raw.txt', { class: 'asset', properties: { title: 'R' } })],
  ['PUT /api/assets/*', ['folder.described'], () => json('PUT', '/api/assets/b', { class: 'assetFolder', properties: { title: 'C' } })],
  ['COPY /api/assets/*', ['asset.received'], () => transfer('COPY', 'b/raw.txt', 'b/copy.txt')],
  ['COPY /api/assets/*', ['folder.created', ...Array(3).fill('asset.received')], () => transfer('COPY', 'b', 'c')],
  ['MOVE /api/assets/*', ['asset.moved'], () => transfer('MOVE', 'b/copy.txt', 'b/moved.txt')],
  ['MOVE /api/assets/*', ['asset.deleted', 'asset.moved'], () => transfer('MOVE', 'c/copy.txt', 'c/raw.txt')],
  ['MOVE /api/assets/*', ['folder.moved', ...Array(2).fill('asset.moved')], () => transfer('MOVE', 'c', 'd')],
  ['DELETE /api/assets/*', ['asset.deleted'], () => send('DELETE', '/api/assets/b/moved.txt')],
  ['DELETE /api/assets/*', ['folder.deleted', ...Array(2).fill('asset.deleted')], () => send('DELETE', '/api/assets/d')],
  ['DELETE /content/dam/*', ['folder.deleted', ...Array(2).fill('asset.deleted')], () => send('DELETE', '/content/dam/b')],
  ['POST /bin/guides/v1/assets/status', ['status-job.started'], () => post('/bin/guides/v1/assets/status', { paths: ['/content/dam/a'] })],
  ['POST /api/v1/runs', ['run.started'], () => keepId(post('/api/v1/runs', { path: '/content/dam/a' }), 'id', runOf)],
  ['POST /api/v1/runs/:id/cancel', ['run.cancelled'], () => send('POST', `/api/v1/runs/${run}/cancel`)],
  ['POST /api/v1/runs/:id/resume', ['run.resumed'], () => send('POST', `/api/v1/runs/${run}/resume`)],
  ['POST /api/v1/runs/:id/cancel', ['run.cancelled'], () => send('POST', `/api/v1/runs/${run}/cancel`)],
  ['POST /api/v1/runs/:id/restart', ['run.started'], () => keepId(send('POST', `/api/v1/runs/${run}/restart`), 'id', runOf)],
  ['POST /api/v1/runs/:id/cancel', ['run.cancelled'], () => send('POST', `/api/v1/runs/${run}/cancel`)],
  [
    'POST /bin/guides/v1/assets/process',
    ['run.started'],
    () => keepId(post('/bin/guides/v1/assets/process', { path: '/content/dam/a' }), 'processingId', runOf),
  ],
  [
    'POST /bin/guides/v1/assets/process/cancel',
    ['run.cancelled'],
    () => post('/bin/guides/v1/assets/process/cancel', { processingId: run }),
  ],
  ['POST /bin/guides/v1/assets/process/resume', ['run.resumed'], () => post('/bin/guides/v1/assets/process/resume', { processingId: run })],
  [
    'PUT /api/v1/rules',
    ['rules.changed'],
    () => json('PUT', '/api/v1/rules', { ignored: ['/content/dam/none'], enabled: ['/content/dam'] }),
  ],
  [
    'POST /api/v1/tokens',
    ['token.created'],
    () => keepId(post('/api/v1/tokens', { name: 'o', scopes: ['read'] }), 'id', (id) => (other = id)),
  ],
  ['DELETE /api/v1/tokens/:id', ['token.revoked'], () => send('DELETE', `/api/v1/tokens/${other}`)],
  ['DELETE /api/v1/tokens/:id', [], () => send('DELETE', `/api/v1/tokens/${other}`)],
  [
    'POST /api/v1/webhooks',
    ['webhook.created'],
    () => keepId(post('/api/v1/webhooks', { url: 'http://127.0.0.1:9/' }), 'id', (id) => (webhook = id)),
  ],
  ['PATCH /api/v1/webhooks/:id', ['webhook.changed'], () => json('PATCH', `/api/v1/webhooks/${webhook}`, { description: 'x' })],
  ['POST /api/v1/webhooks/:id/rotate', ['webhook.changed'], () => post(`/api/v1/webhooks/${webhook}/rotate`, {})],
  ['POST /api/v1/webhooks/:id/test', [], () => send('POST', `/api/v1/webhooks/${webhook}/test`)],
  [
    'POST /api/v1/webhooks/:id/replay',
    ['webhook.redelivered'],
    () => post(`/api/v1/webhooks/${webhook}/replay`, { what: 'never-attempted', since: '2020-01-01T00:00:00Z' }),
  ],
  [
    'POST /api/v1/webhooks/:id/deliveries/:delivery/replay',
    ['webhook.redelivered'],
    async () => send('POST', `/api/v1/webhooks/${webhook}/deliveries/${await delivery()}/replay`),
  ],
  ['DELETE /api/v1/webhooks/:id', ['webhook.deleted'], () => send('DELETE', `/api/v1/webhooks/${webhook}`)],
]

/** Routes that can never succeed. */
const refused = { 'PUT /content/dam': 'the root folder has no content', 'DELETE /content/dam': 'the root folder stays' }

describe.each(engines)('the audit on %s', (engine) => {
  beforeAll(() => start(engine))
  afterAll(() => http?.[Symbol.asyncDispose]())

  it('has a row here for every route that may change something', () => {
    const changing = routes.filter(([method]) => !['GET', 'HEAD'].includes(method)).map(([method, url]) => `${method} ${url}`)
    const rows = new Set([...changes.map(([route]) => route), ...Object.keys(refused)])
    expect(changing.filter((route) => !rows.has(route))).toEqual([])
  })

  it.each(changes)('tells of %s: %j', async (_route, types, call) => {
    const before = (await audit(`actor=${actor}&limit=1`)).items[0]?.id ?? ''
    const response = await call()
    expect(response.ok, `${response.status} ${await response.clone().text()}`).toBe(true)
    const { items } = await audit(`actor=${actor}`)
    const written = items.filter(({ id }) => id > before).map(({ type }) => type)
    expect(written.sort()).toEqual(types.map((type) => `assay.${type}`).sort())
  })

  it('says little of what is large', async () => {
    const paths = Array.from({ length: 100 }, (_, index) => `/content/dam/many/${index}`)
    await post('/bin/guides/v1/assets/status', { paths })
    const [started] = (await audit('type=status-job.started&limit=1')).items
    expect(started!.detail).toEqual({ paths: paths.slice(0, maxToldPaths), count: 100 })
    const ignored = paths.map((path) => `${path}/ignored`)
    await json('PUT', '/api/v1/rules', { ignored, enabled: ['/content/dam'] })
    await json('PUT', '/api/v1/rules', { ignored: [...ignored.slice(1), '/content/dam/one'], enabled: ['/content/dam'] })
    const [changed] = (await audit('type=rules.changed&limit=1')).items
    const none: string[] = []
    expect(changed!.detail).toEqual({
      version: expect.any(Number),
      added: { ignored: ['/content/dam/one'], enabled: none },
      removed: { ignored: ignored.slice(0, 1), enabled: none },
    })
  })

  it('says what was changed, and nothing that may be a secret', async () => {
    await send('PUT', '/content/dam/what/a.txt', 'a')
    const properties = { title: 'hidden value', ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`name${index}`, 'v'])) }
    await json('PUT', '/api/assets/what/a.txt', { class: 'asset', properties })
    await json('PUT', '/api/assets/what', { class: 'assetFolder', properties: { title: 'hidden value' } })
    const url = 'http://127.0.0.1:9/hidden-path?hidden=query'
    const { id } = await told<{ id: string }>(post('/api/v1/webhooks', { url: 'http://127.0.0.1:8/' }))
    await json('PATCH', `/api/v1/webhooks/${id}`, { url })
    await send('DELETE', `/api/v1/webhooks/${id}`)
    const { items } = await audit('limit=5')
    const details = items.toReversed().map(({ type, detail }) => [type, detail])
    const changed = ['dc:title', ...Array.from({ length: maxToldNames - 1 }, (_, index) => `name${index}`)]
    expect(details).toEqual([
      ['assay.asset.described', { changed, count: 31 }],
      ['assay.folder.described', { changed: ['dc:title'], count: 1 }],
      ['assay.webhook.created', { receiver: '127.0.0.1:8' }],
      ['assay.webhook.changed', { changed: ['url'], enabled: true, receiver: '127.0.0.1:9' }],
      ['assay.webhook.deleted', undefined],
    ])
    expect(JSON.stringify(await audit('limit=1000'))).not.toMatch(/hidden|whsec_|asy_/)
  })

  it('leaves out what nobody has asked for, and can be narrowed by type, path, actor and time, in both orders and in pages', async () => {
    await http.put('/content/dam/e/one.dita', '<topic id="a">')
    await http.postProcess()
    await http.fetch('/content/dam/e/one.dita', { method: 'DELETE' })
    const { items } = await audit('path=/content/dam/e')
    expect(items.map(({ type, actor }) => [type, actor])).toEqual([
      ['assay.asset.deleted', 'admin'],
      ['assay.asset.received', 'admin'],
    ])
    expect((await audit('path=/content/dam/e&order=oldest')).items).toEqual([...items].reverse())
    expect((await audit('path=/content/dam/e&type=asset.deleted')).items).toEqual(items.slice(0, 1))
    expect((await audit(`path=/content/dam/e&actor=${actor}`)).items).toEqual([])
    expect((await audit(`path=/content/dam/e&actor=${actor}&actor=admin&until=${items[0]!.time}`)).items).toEqual(items.slice(1))
    expect((await audit(`path=/content/dam/e&since=${items[0]!.time}`)).items).toEqual(items.slice(0, 1))
    const always = 'path=/content/dam/e&since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z'
    expect((await audit(always)).items).toEqual(items)
    expect((await audit(`${always}&order=oldest`)).items).toEqual([...items].reverse())
    expect((await audit('type=token.created')).items.at(-1)).toMatchObject({
      actor: 'admin',
      tokenId: token.id,
      detail: { name: 'auditor' },
    })
    for (const order of ['newest', 'oldest']) {
      const all = await audit(`order=${order}&limit=1000`)
      const found: Event[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = await audit(`order=${order}&limit=7${cursor && `&cursor=${cursor}`}`)
        found.push(...page.items)
        cursor = page.nextCursor
      }
      expect([found, all.nextCursor]).toEqual([all.items, null])
    }
  })

  it('finds the one change behind very many that are not wanted', async () => {
    const noise = { type: 'asset.processed', actor: 'system', path: '/content/dam/noise' } as const
    await http.database.transaction((trx) => writeEvents(trx, Array(maxScannedEvents + 10).fill(noise)))
    await http.put('/content/dam/e/two.dita', 'two')
    const { items } = await audit('order=newest&limit=1&type=webhook.deleted')
    expect(items.map(({ type }) => type)).toEqual(['assay.webhook.deleted'])
    const late = await audit(`order=oldest&since=${items[0]!.time}&path=/content/dam/e/two.dita`)
    expect(late.items.map(({ type }) => type)).toEqual(['assay.asset.received'])
  })

  it.each([
    ['actor=system', '/actor'],
    ['type=asset.eaten', '/type'],
    ['since=yesterday', '/since'],
    ['since=2026-12-31T23:59:60Z', '/since'],
    ['since=0000-01-01T00:00:00Z', '/since'],
    ['until=9999-12-31T23:59:59-23:00', '/until'],
    ['order=random', '/order'],
    ['cursor=none', '/cursor'],
    ['cursor=eA', '/cursor'],
    ['path=/content/../etc', '/path'],
    ['other=1', '/other'],
  ])('is not told for %s', async (query, pointer) => {
    const response = await http.fetch(`/api/v1/audit?${query}`)
    expect(response.status).toBe(400)
    expect(((await response.json()) as { errors: object[] }).errors).toContainEqual(expect.objectContaining({ pointer }))
  })
})
