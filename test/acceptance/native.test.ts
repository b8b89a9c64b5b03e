import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AssayApi, apiOf, type Detail, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'
import { engines } from '../support/test-database.ts'

const { version: packageVersion } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }

interface Page {
  readonly items: readonly Detail[]
  readonly nextCursor: string | null
}

interface Folder {
  readonly path: string
  readonly assets: number
  readonly statusCounts: Readonly<Record<string, number>>
  readonly folders?: readonly Folder[]
}

describe.each(engines)('reads of the native interface (%s)', (engine) => {
  let server: SharedAssay
  let api: AssayApi
  let folder: string

  beforeAll(async () => {
    server = await sharedAssay(engine)
    api = apiOf(server)
    folder = api.folder('native')
    await api.upload(`${folder}/a.dita`, topic('Apples & pears', '<p id="p">See <xref href="b/b.dita"/> and <xref href="none.dita"/>.</p>'))
    await api.upload(`${folder}/b/b.dita`, topic('Berries'))
    await api.upload(`${folder}/b/broken.dita`, '<topic id="x">\n<title>Never\n  <b>closed</title></topic>')
    await api.upload(`${folder}/map.ditamap`, '<map><title>All</title><topicref href="a.dita"/><topicref href="b/b.dita"/></map>')
    await api.upload(`${folder}/picture.bin`, new Uint8Array([1, 2, 3]))
    await api.settled([folder])
  })

  const page = async (query: string): Promise<Page> => {
    const response = await api.send(`/api/v1/assets?folder=${folder}${query}`)
    expect(response.status, await response.clone().text()).toBe(200)
    return (await response.json()) as Page
  }
  const namesIn = async (query: string) => (await page(query)).items.map(({ path }) => path.slice(folder.length + 1))

  it('shows an asset by path and by uuid, the same', async () => {
    const byPath = await api.detail(`${folder}/a.dita`)
    const byUuid = await (await api.send(`/api/v1/assets/${byPath.uuid}`)).json()
    expect(byUuid).toEqual(byPath)
    expect(byPath).toMatchObject({ status: 'SUCCESS', revision: 1, title: 'Apples & pears', type: 'DITATOPIC' })
    expect((await api.send('/api/v1/assets/GUID-none')).status).toBe(404)
    expect((await api.send('/api/v1/assets/by-path?path=/content/dam/none')).status).toBe(404)
  })

  it('explains a failure with code, line, column, excerpt and remedy', async () => {
    const { status, problems } = await api.detail(`${folder}/b/broken.dita`)
    expect(status).toBe('FAILURE')
    const [first] = problems
    expect(first).toMatchObject({ code: 'NOT_WELL_FORMED', severity: 'error', line: 3 })
    expect(first!.column).toBeGreaterThan(0)
    for (const key of ['message', 'remedy', 'excerpt'] as const) expect(first![key], key).toBeTruthy()
  })

  it('shows the source of every problem that has a place, whatever encoding and however large', async () => {
    const source = (encoding: string) =>
      `<?xml version="1.0" encoding="${encoding}"?>\n<topic id="t"><title>Ä</title><body>\n<p>Öl <xref href="no.dita"/></p></body></topic>`
    const large = source('utf-8').replace('<body>', `<body><!--${'x'.repeat(200_000)}-->`)
    const contents: Record<string, Uint8Array> = {
      'utf-8.dita': Buffer.from(source('utf-8')),
      'utf-16.dita': Buffer.from(`\ufeff${source('utf-16')}`, 'utf16le'),
      'latin-1.dita': Buffer.from(source('iso-8859-1'), 'latin1'),
      'large.dita': Buffer.from(large),
      'large-utf-16.dita': Buffer.from(`\ufeff${large.replace('utf-8', 'utf-16')}`, 'utf16le'),
    }
    const names = Object.keys(contents)
    await Promise.all(names.map((name) => api.upload(`${folder}-excerpts/${name}`, contents[name]!)))
    await api.settled([`${folder}-excerpts`])
    for (const name of names) {
      const { problems } = await api.detail(`${folder}-excerpts/${name}`)
      expect(
        problems.map(({ code, line, column, excerpt }) => [code, line, column, excerpt]),
        name,
      ).toEqual([['REF_TARGET_MISSING', 3, 13, '<p>Öl <xref href="no.dita"/></p></body></topic>']])
    }
  })

  it('shows references out with their state and references in', async () => {
    const { references, problems } = await api.detail(`${folder}/a.dita`)
    expect(references.out.map(({ element, value, state, target }) => [element, value, state, target])).toEqual([
      ['xref', 'b/b.dita', 'ok', `${folder}/b/b.dita`],
      ['xref', 'none.dita', 'REF_TARGET_MISSING', `${folder}/none.dita`],
    ])
    expect(references.in.map(({ path }) => path)).toEqual([`${folder}/map.ditamap`])
    expect(problems.map(({ code, line }) => [code, line])).toContainEqual(['REF_TARGET_MISSING', 3])
    const berries = await api.detail(`${folder}/b/b.dita`)
    expect(berries.references.in.map(({ path }) => path)).toEqual([`${folder}/a.dita`, `${folder}/map.ditamap`])
  })

  it('lists assets by folder, status, type, problem code and text', async () => {
    expect(await namesIn('')).toEqual(['a.dita', 'b/b.dita', 'b/broken.dita', 'map.ditamap', 'picture.bin'])
    expect(await namesIn('/b')).toEqual(['b/b.dita', 'b/broken.dita'])
    expect(await namesIn('&status=FAILURE')).toEqual(['b/broken.dita'])
    expect(await namesIn('&type=DITAMAP')).toEqual(['map.ditamap'])
    expect(await namesIn('&code=REF_TARGET_MISSING')).toEqual(['a.dita'])
    expect(await namesIn('&q=berr')).toEqual(['b/b.dita'])
    expect(await namesIn('&q=100%25_')).toEqual([])
    expect(await namesIn('&direct=true')).toEqual(['a.dita', 'map.ditamap', 'picture.bin'])
  })

  it('cuts lists into pages with a cursor', async () => {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { items, nextCursor }: Page = await page(`&limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
      seen.push(...items.map(({ path }) => path))
      cursor = nextCursor
    }
    expect(seen).toEqual((await page('')).items.map(({ path }) => path))
    expect((await page('&limit=5')).nextCursor).toBeNull()
    for (const query of ['limit=0', 'limit=1001', 'cursor=%00', 'cursor=nonsense', 'unknown=1']) {
      expect((await api.send(`/api/v1/assets?${query}`)).status, query).toBe(400)
    }
  })

  it('streams whole lists as NDJSON', async () => {
    const response = await api.send(`/api/v1/assets?folder=${folder}`, { headers: { accept: 'application/x-ndjson' } })
    expect(response.headers.get('content-type')).toMatch(/^application\/x-ndjson/)
    const lines = (await response.text()).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual((await page('')).items)
  })

  it('answers HEAD as GET, without the content', async () => {
    const headersOf = ({ status, headers }: Response) => [status, ...['content-type', 'content-length'].map((name) => headers.get(name))]
    for (const target of [`/api/v1/assets?folder=${folder}`, '/api/v1/folders', '/api/v1/rules', '/api/v1/assets/none', '/api.json']) {
      const [told, head] = [await api.send(target), await api.send(target, { method: 'HEAD' })]
      expect([...headersOf(head), await head.text()], target).toEqual([...headersOf(told), ''])
      await told.text()
    }
    const headers = { accept: 'application/x-ndjson' }
    const lines = await api.send(`/api/v1/assets?folder=${folder}`, { method: 'HEAD', headers })
    expect(headersOf(lines)).toEqual([200, 'application/x-ndjson', null])
    // A stream that never ends by itself.
    const events = await api.send('/api/v1/events/stream', { method: 'HEAD' })
    expect(headersOf(events)).toEqual([200, 'text/event-stream; charset=utf-8', null])
  })

  it('counts statuses per folder', async () => {
    const listing = (await (await api.send(`/api/v1/folders?path=${folder}`)).json()) as Folder
    expect(listing).toMatchObject({ path: folder, assets: 5, statusCounts: { PENDING: 0, PROCESSING: 0, SUCCESS: 4, FAILURE: 1 } })
    expect(listing.folders).toMatchObject([{ path: `${folder}/b`, assets: 2, statusCounts: { SUCCESS: 1, FAILURE: 1 } }])
    expect((await api.send('/api/v1/folders?path=/content/dam/none')).status).toBe(404)
  })

  it('creates empty folders, which status jobs know', async () => {
    const empty = `${folder}-empty/deep`
    const post = () =>
      api.send('/api/v1/folders', {
        method: 'POST',
        body: JSON.stringify({ path: empty }),
        headers: { 'content-type': 'application/json' },
      })
    expect((await post()).status).toBe(201)
    expect((await post()).status).toBe(200)
    expect(await api.collect([empty])).toEqual([])
  })

  it('says the same as the status list', async () => {
    const list = await api.collect([folder])
    const items = (await page('')).items
    expect(items.map(({ path, uuid, status }) => ({ path, uuid, status, exists: true }))).toEqual(list)
  })

  it('says who did what when', async () => {
    const before = Date.now()
    await api.upload(`${folder}-told/a.txt`, 'a')
    expect((await api.remove(`${folder}-told`)).status).toBe(200)
    const { items } = (await (await api.send(`/api/v1/audit?path=${folder}-told`)).json()) as { items: Record<string, string>[] }
    expect(items.map(({ type, actor, path }) => [type, actor, path])).toEqual([
      ['assay.folder.deleted', 'admin', `${folder}-told`],
      ['assay.asset.deleted', 'admin', `${folder}-told/a.txt`],
      ['assay.asset.received', 'admin', `${folder}-told/a.txt`],
    ])
    for (const { time } of items) expect(Math.abs(Date.parse(time!) - before)).toBeLessThan(60_000)
  })

  it('describes itself as OpenAPI', async () => {
    const response = await api.send('/openapi.json')
    const description = (await response.json()) as { openapi: string; info: { version: string }; paths: Record<string, unknown> }
    expect(description.openapi).toMatch(/^3\.1/)
    expect(description.info.version).toBe(packageVersion)
    expect(Object.keys(description.paths)).toEqual(expect.arrayContaining(['/bin/guides/v1/assets/status', '/api/v1/assets']))
  })
})
