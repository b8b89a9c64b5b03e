import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import type { AssetDetail, AssetSummary } from '../../src/contract/native/asset.ts'
import type { FolderListing } from '../../src/contract/native/folder.ts'
import { createDataDirectory } from '../support/test-database.ts'

const stack = new AsyncDisposableStack()
let url: string
const authorization = `Basic ${btoa('admin:secret')}`

const topic = (id: string, body: string) =>
  `<!DOCTYPE topic PUBLIC "-//OASIS//DTD DITA Topic//EN" "topic.dtd">\n<topic id="${id}"><title>Topic ${id}</title><body>${body}</body></topic>`
const contents: Record<string, string> = {
  'a.dita': topic('a', '<p><xref href="sub/b.dita"/></p>\n<p><xref href="gone.dita"/></p>'),
  'sub/b.dita': topic('b', '<p><xref href="../a.dita#a"/></p>'),
  'sub/broken.dita': topic('c', '<p>'),
  'sub/A 100%_.txt': 'plain',
}

beforeAll(async () => {
  const directory = stack.use(await createDataDirectory())
  const { config, secrets } = await loadConfig({
    ASSAY_DATA_DIR: directory.path,
    ASSAY_PORT: '0',
    ASSAY_ADMIN_PASSWORD: 'secret',
    ASSAY_LOG_LEVEL: 'silent',
    ASSAY_THREADS: '1',
  })
  const app = stack.use(await createApp(config, secrets))
  url = (await app.start()).url!
  for (const [name, content] of Object.entries(contents)) {
    const target = `${url}/content/dam/m/${name.split('/').map(encodeURIComponent).join('/')}`
    const response = await fetch(target, { method: 'PUT', body: content, headers: { authorization } })
    expect(response.status).toBe(201)
  }
  for (;;) {
    const statuses = await settledStatuses()
    if (statuses.every((status) => status === 'SUCCESS' || status === 'FAILURE')) break
  }
  // Resolving goes on after the assets are settled: both directions have to be seen.
  while ((await explain('/content/dam/m/a.dita')).references.out[0]?.state !== 'ok');
}, 60_000)
afterAll(() => stack.disposeAsync())

async function get<Answer>(target: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url + target, { headers: { authorization, ...headers } })
  expect(response.status).toBe(200)
  return (await response.json()) as Answer
}

/** One status job each time: it waits, so this is no busy loop. */
async function settledStatuses(): Promise<string[]> {
  const init = { method: 'POST', body: 'paths=/content/dam/m', headers: { authorization, prefer: 'wait=10' } }
  const response = await fetch(`${url}/bin/guides/v1/assets/status`, init)
  return ((await response.json()) as { assets: { status: string }[] }).assets.map((asset) => asset.status)
}

const explain = (path: string) => get<AssetDetail>(`/api/v1/assets/by-path?path=${encodeURIComponent(path)}`)
const list = (query: string) => get<{ items: AssetSummary[]; nextCursor: string | null }>(`/api/v1/assets?${query}`)
const names = (page: { items: AssetSummary[] }) => page.items.map((item) => item.path.slice('/content/dam/m/'.length))

describe('an asset', () => {
  it('is explained: what it is, what it refers to, and what is wrong', async () => {
    const detail = await explain('/content/dam/m/a.dita')
    expect(detail).toMatchObject({ status: 'SUCCESS', type: 'DITATOPIC', title: 'Topic a', revision: 1 })
    expect(detail.references.out).toMatchObject([
      { element: 'xref', attribute: 'href', value: 'sub/b.dita', line: 2, state: 'ok', target: '/content/dam/m/sub/b.dita' },
      { value: 'gone.dita', line: 3, state: 'REF_TARGET_MISSING', target: '/content/dam/m/gone.dita' },
    ])
    expect(detail.references.in.map((other) => other.path)).toEqual(['/content/dam/m/sub/b.dita'])
    expect(detail.problems).toMatchObject([{ code: 'REF_TARGET_MISSING', line: 3, remedy: expect.any(String) }])
    expect(detail.facts).not.toBeNull()
    expect(await get(`/api/v1/assets/${detail.uuid}`)).toEqual(detail)
  })

  it('that failed says why and where', async () => {
    const detail = await explain('content/dam/m/sub/broken.dita')
    expect(detail.status).toBe('FAILURE')
    expect(detail.problems).toContainEqual(expect.objectContaining({ code: 'NOT_WELL_FORMED', severity: 'error', line: 2 }))
    expect(detail.problemCounts.error).toBe(1)
  })
})

describe('a list', () => {
  it.each([
    ['', ['a.dita', 'sub/A 100%_.txt', 'sub/b.dita', 'sub/broken.dita']],
    ['folder=/content/dam/m/sub', ['sub/A 100%_.txt', 'sub/b.dita', 'sub/broken.dita']],
    ['folder=/content/dam/m&direct=true', ['a.dita']],
    ['folder=/content/dam/m/su', []],
    ['status=FAILURE', ['sub/broken.dita']],
    ['status=FAILURE&status=SUCCESS&type=OTHERS', ['sub/A 100%_.txt']],
    ['code=REF_TARGET_MISSING', ['a.dita']],
    ['q=TOPIC%20B', ['sub/b.dita']],
    ['q=100%25_', ['sub/A 100%_.txt']],
    ['q=%25', ['sub/A 100%_.txt']],
    ['q=%5C', []],
  ])('of %j', async (query, expected) => {
    expect(names(await list(query))).toEqual(expected)
  })

  it('comes in pages that miss and repeat nothing', async () => {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await list(`limit=1${cursor ? `&cursor=${cursor}` : ''}`)
      seen.push(...names(page))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(names(await list('')))
  })

  it('comes whole, a line each, to who asks for that', async () => {
    const response = await fetch(`${url}/api/v1/assets?limit=1`, { headers: { authorization, accept: 'application/x-ndjson' } })
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    const lines = (await response.text()).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual((await list('')).items)
  })

  it.each(['cursor=!', 'limit=0', 'limit=1001', 'status=DONE', 'code=x%27', 'folder=..', 'sort=path', 'q=', 'limit=1&limit=2'])(
    'refuses %s',
    async (query) => {
      const response = await fetch(`${url}/api/v1/assets?${query}`, { headers: { authorization } })
      expect(response.status).toBe(400)
      expect(((await response.json()) as { errors: unknown[] }).errors.length).toBeGreaterThan(0)
    },
  )
})

describe('a folder', () => {
  it('shows its subfolders with the counts of all below them', async () => {
    const listing = await get<FolderListing>('/api/v1/folders?path=/content/dam/m/')
    expect(listing).toMatchObject({
      path: '/content/dam/m',
      assets: 4,
      statusCounts: { SUCCESS: 3, FAILURE: 1, PENDING: 0, PROCESSING: 0 },
      folders: [{ path: '/content/dam/m/sub', name: 'sub', assets: 3, statusCounts: { SUCCESS: 2, FAILURE: 1 } }],
    })
  })

  it('may be empty, and is not an asset', async () => {
    const init = { method: 'POST', body: '{"path":"content/dam/m/new/"}', headers: { authorization, 'content-type': 'application/json' } }
    const created = await fetch(`${url}/api/v1/folders`, init)
    expect([created.status, await created.json()]).toEqual([201, { path: '/content/dam/m/new', outcome: 'created' }])
    expect((await fetch(`${url}/api/v1/folders`, init)).status).toBe(200)
    expect((await get<FolderListing>('/api/v1/folders?path=/content/dam/m/new')).assets).toBe(0)
    for (const path of ['/content/dam/m/a.dita', '/content/dam/none']) {
      expect((await fetch(`${url}/api/v1/folders?path=${path}`, { headers: { authorization } })).status).toBe(404)
    }
  })
})

describe('the description', () => {
  it('names every route, with what it needs and what it answers', async () => {
    type Operation = { summary?: string; security: unknown[]; responses: Record<string, unknown> }
    const { openapi, paths } = await get<{ openapi: string; paths: Record<string, Record<string, Operation>> }>('/openapi.json')
    expect(openapi).toBe('3.1.0')
    expect(Object.keys(paths)).toContain('/content/dam/{path}')
    for (const [path, operations] of Object.entries(paths)) {
      for (const operation of Object.values(operations)) {
        expect(operation.summary, path).toBeTruthy()
        expect(operation.responses['400'], path).toHaveProperty(['content', 'application/problem+json'])
        expect(operation.security.length, path).toBe(path === '/healthz' || path === '/readyz' || path.startsWith('/uploads/') ? 0 : 2)
      }
    }
  })
})
