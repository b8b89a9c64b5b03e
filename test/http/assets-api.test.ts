import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SirenEntity } from '../../src/contract/dam/assets-api.ts'
import { type HttpHarness, startHttpHarness } from './http-harness.ts'

let http: HttpHarness

beforeAll(async () => {
  http = await startHttpHarness()
  await folder('root')
}, 60_000)
afterAll(() => http[Symbol.asyncDispose]())

const json = (method: string, address: string, body: object) =>
  http.fetch(address, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
const folder = (name: string) =>
  json('POST', `/api/assets/${name}`, { class: 'assetFolder', properties: { 'jcr:title': `Title of ${name}` } })
const raw = (method: string, address: string, body: string, type = 'application/xml') =>
  http.fetch(address, { method, body, headers: { 'content-type': type } })
const transfer = (method: 'COPY' | 'MOVE', source: string, destination: string, headers: Record<string, string> = {}) =>
  http.fetch(`/api/assets/${source}`, {
    method,
    headers: { 'x-destination': `/api/assets/${destination}`, 'x-depth': 'infinity', ...headers },
  })
const show = async (name: string) => (await (await http.fetch(`/api/assets${name}.json`)).json()) as SirenEntity
const text = async (path: string) => (await http.fetch(`/content/dam/${path}`)).text()
const assetAt = (path: string) =>
  http.database.kysely.selectFrom('assay.asset').where('path', '=', `/content/dam/${path}`).selectAll().executeTakeFirst()

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, ((await response.json()) as { code: string }).code]
}

describe('showing', () => {
  it('lists folders, then assets, in pages of 20 unless told otherwise', async () => {
    await folder('list')
    for (const name of ['b', 'a']) await folder(`list/${name}`)
    await folder('list/a/below')
    for (let count = 0; count < 22; count++) await http.put(`/content/dam/list/${String(count).padStart(2, '0')} ü.dita`, `${count}`)
    const first = await show('/list')
    expect(first.class).toEqual(['assets/folder'])
    expect(first.properties).toMatchObject({ name: 'list', 'dc:title': 'Title of list', 'srn:paging': { total: 24, offset: 0, limit: 20 } })
    expect(first.entities.map(({ properties }) => properties.name).slice(0, 3)).toEqual(['a', 'b', '00 ü.dita'])
    expect(first.entities).toHaveLength(20)
    expect(first.entities[0]).toEqual({
      rel: ['child'],
      class: ['assets/folder'],
      links: [{ rel: ['self'], href: `${http.url}/api/assets/list/a.json` }],
      properties: { name: 'a', 'dc:title': 'Title of list/a' },
    })
    const query = '?offset=1&limit=2&showProperty=asset:size&showProperty=jcr:created&showProperty=none'
    const page = (await (await http.fetch(`/api/assets/list.json${query}`)).json()) as SirenEntity
    expect(page.properties['srn:paging']).toEqual({ total: 24, offset: 1, limit: 2 })
    expect(page.entities.map(({ properties }) => properties)).toEqual([
      { name: 'b', 'dc:title': 'Title of list/b', 'jcr:created': expect.stringMatching(/^20/) },
      { name: '00 ü.dita', 'asset:size': 1, 'jcr:created': expect.stringMatching(/^20/) },
    ])
    const beyond = (await (await http.fetch('/api/assets/list.json?offset=99&limit=9999')).json()) as SirenEntity
    expect([beyond.entities, beyond.properties['srn:paging']]).toEqual([[], { total: 24, offset: 99, limit: 9999 }])
    expect(await codeOf(await http.fetch('/api/assets/list.json?limit=-1'))).toEqual([400, 'ASSAY-INVALID-INPUT'])
  })

  it('shows an asset, and the root', async () => {
    await http.put('/content/dam/root/an%20asset.dita', 'content')
    const asset = await show('/root/an%20asset.dita')
    expect([asset.class, asset.properties]).toEqual([
      ['assets/asset'],
      expect.objectContaining({ name: 'an asset.dita', 'asset:size': 7, 'assay:status': 'PENDING', 'assay:uuid': expect.any(String) }),
    ])
    expect(asset.links.map(({ href }) => href.slice(http.url.length))).toEqual([
      '/api/assets/root/an%20asset.dita.json',
      '/api/assets/root.json',
      '/content/dam/root/an%20asset.dita',
    ])
    const root = await show('')
    expect(root.links.map(({ rel, href }) => [rel[0], href.slice(http.url.length)])).toEqual([
      ['self', '/api/assets.json'],
      ['parent', '/api.json'],
    ])
    const services = (await (await http.fetch('/api.json')).json()) as SirenEntity
    expect([services.class, services.links.map(({ rel, href }) => [rel[0], href])]).toEqual([
      ['core/services'],
      [
        ['self', root.links[1]!.href],
        ['assets', root.links[0]!.href],
      ],
    ])
    expect(services.entities).toMatchObject([{ links: [{ rel: ['self'], href: root.links[0]!.href }], properties: { name: 'assets' } }])
    expect(root.entities.map(({ properties }) => properties.name)).toContain('root')
    expect(await codeOf(await http.fetch('/api/assets/none.json'))).toEqual([404, 'ASSAY-ASSET-NOT-FOUND'])
  })
})

describe('creating and updating', () => {
  it('creates an asset from a raw body once, and updates only what is there', async () => {
    expect((await raw('POST', '/api/assets/root/raw.dita', 'one')).status).toBe(201)
    expect(await codeOf(await raw('POST', '/api/assets/root/raw.dita', 'two'))).toEqual([409, 'ASSAY-CONFLICT'])
    expect(await codeOf(await raw('POST', '/api/assets/none/raw.dita', 'two'))).toEqual([404, 'ASSAY-FOLDER-NOT-FOUND'])
    expect((await raw('PUT', '/api/assets/root/raw.dita', 'three')).status).toBe(200)
    expect(await text('root/raw.dita')).toBe('three')
    expect(await assetAt('root/raw.dita')).toMatchObject({ revision: 2, media_type: 'application/xml' })
    expect(await codeOf(await raw('PUT', '/api/assets/root/none.dita', 'x'))).toEqual([404, 'ASSAY-ASSET-NOT-FOUND'])
    expect(await assetAt('root/none.dita')).toBeUndefined()
  })

  it('creates from a form, whatever the order of its fields', async () => {
    const form = new FormData()
    form.append('file', new Blob(['content']), 'Überß 名.dita')
    form.append('name', 'named.dita')
    expect((await http.fetch('/api/assets/root/*', { method: 'POST', body: form })).status).toBe(201)
    expect(await text('root/named.dita')).toBe('content')
    form.delete('name')
    expect((await http.fetch('/api/assets/root/*', { method: 'POST', body: form })).status).toBe(201)
    expect(await text(`root/${encodeURIComponent('Überß 名.dita')}`)).toBe('content')
    const fields = new URLSearchParams({ name: 'by-form', title: 'By form' })
    expect((await http.fetch('/api/assets/*', { method: 'POST', body: fields })).status).toBe(201)
    expect((await show('/by-form')).properties).toMatchObject({ 'dc:title': 'By form' })
    form.append('file', new Blob(['second']), 'second.dita')
    expect(await codeOf(await http.fetch('/api/assets/root/*', { method: 'POST', body: form }))).toEqual([400, 'ASSAY-INVALID-INPUT'])
    const slash = new FormData()
    slash.append('file', new Blob(['x']), 'a/b.dita')
    expect(await codeOf(await http.fetch('/api/assets/root/*', { method: 'POST', body: slash }))).toEqual([400, 'ASSAY-INVALID-INPUT'])
  })

  it('takes a JSON file for a file, and a description for a description', async () => {
    expect((await json('POST', '/api/assets/root/data.json', { colour: 'red' })).status).toBe(201)
    expect(await text('root/data.json')).toBe('{"colour":"red"}')
    expect((await json('PUT', '/api/assets/root/data.json', { properties: { 'dc:title': 'Data', 'x:list': ['a', 1, true] } })).status).toBe(
      200,
    )
    expect((await show('/root/data.json')).properties).toMatchObject({ 'dc:title': 'Data', 'x:list': ['a', 1, true] })
    expect((await json('PUT', '/api/assets/root/data.json', { properties: { title: 'Again', 'x:list': null } })).status).toBe(200)
    const { properties } = await show('/root/data.json')
    expect([properties['dc:title'], properties['x:list']]).toEqual(['Again', undefined])
    expect(await text('root/data.json')).toBe('{"colour":"red"}')
    expect(await codeOf(await json('PUT', '/api/assets/root/none', { properties: {} }))).toEqual([404, 'ASSAY-ASSET-NOT-FOUND'])
    const wrong = await json('PUT', '/api/assets/root', { properties: { 'a/b': 'x' } })
    expect(await wrong.json()).toMatchObject({ status: 400, errors: [{ pointer: '/properties/a~1b' }] })
  })

  it('removes once', async () => {
    await http.put('/content/dam/root/gone/x.dita', 'x')
    expect((await http.fetch('/api/assets/root/gone', { method: 'DELETE' })).status).toBe(200)
    expect(await codeOf(await http.fetch('/api/assets/root/gone', { method: 'DELETE' }))).toEqual([404, 'ASSAY-ASSET-NOT-FOUND'])
  })
})

describe('moving and copying', () => {
  it('moves a folder with all below it: identities stay, nothing is at the old place', async () => {
    await folder('move')
    await http.put('/content/dam/move/from/a.dita', 'a')
    await http.put('/content/dam/move/from/sub/b.dita', 'b')
    await http.put('/content/dam/move/from-beside.dita', 'c')
    const before = await assetAt('move/from/a.dita')
    const answer = await transfer('MOVE', 'move/from', 'move/t%C3%B6', { 'x-overwrite': 'F' })
    expect([answer.status, await answer.json()]).toMatchObject([201, { properties: { location: '/api/assets/move/t%C3%B6.json' } }])
    expect(await assetAt('move/tö/a.dita')).toMatchObject({ id: before!.id, uuid: before!.uuid, revision: 1, status: 0, settled_at: null })
    expect(await text('move/t%C3%B6/sub/b.dita')).toBe('b')
    expect((await http.fetch('/api/assets/move/from.json')).status).toBe(404)
    expect((await show('/move')).entities.map(({ properties }) => properties.name)).toEqual(['tö', 'from-beside.dita'])
    const changes = await http.database.kysely.selectFrom('assay.target_change').select('target').execute()
    // When it came nobody referred to it, so the one change is that it has gone.
    expect(changes.filter(({ target }) => target === before!.fold_hash)).toHaveLength(1)
  })

  it('fences the result of who reads an asset while it is moved', async () => {
    await http.put('/content/dam/root/fence.dita', 'x')
    await http.database.kysely
      .updateTable('assay.asset')
      .set({ status: 1, attempts: 1 })
      .where('path', '=', '/content/dam/root/fence.dita')
      .execute()
    expect((await transfer('MOVE', 'root/fence.dita', 'root/fenced.dita')).status).toBe(201)
    expect(await assetAt('root/fenced.dita')).toMatchObject({ status: 0, attempts: 1 })
  })

  it('copies with new identities, and shares no fate', async () => {
    await folder('copy')
    await http.put('/content/dam/copy/from/a.dita', 'a')
    await json('PUT', '/api/assets/copy/from/a.dita', { properties: { 'dc:title': 'Copied' } })
    expect((await transfer('COPY', 'copy/from', 'copy/to')).status).toBe(201)
    const [old, copy] = [await assetAt('copy/from/a.dita'), await assetAt('copy/to/a.dita')]
    expect(copy).toMatchObject({ revision: 1, status: 0, sha256: old!.sha256, properties: old!.properties })
    expect(copy!.uuid).not.toBe(old!.uuid)
    await http.put('/content/dam/copy/from/a.dita', 'changed')
    expect(await text('copy/to/a.dita')).toBe('a')
    expect((await transfer('COPY', 'copy/from', 'copy/shallow', { 'x-depth': '0' })).status).toBe(201)
    expect((await show('/copy/shallow')).entities).toEqual([])
  })

  it('replaces what is there, unless told not to', async () => {
    for (const name of ['one', 'two']) await http.put(`/content/dam/over/${name}`, name)
    expect(await codeOf(await transfer('MOVE', 'over/one', 'over/two', { 'x-overwrite': 'F' }))).toEqual([412, 'ASSAY-PRECONDITION-FAILED'])
    expect(await text('over/two')).toBe('two')
    expect((await transfer('COPY', 'over/one', 'over/two')).status).toBe(204)
    expect(await text('over/two')).toBe('one')
  })

  it('changes nothing that a condition forbids', async () => {
    await http.put('/content/dam/tree/held', 'held')
    const json = { 'content-type': 'application/json' }
    for (const [method, headers, body] of [
      ['PUT', {}, 'other'],
      ['PUT', json, '{"properties":{"title":"other"}}'],
      ['DELETE', {}, undefined],
      ['MOVE', { 'x-destination': '/api/assets/tree/gone' }, undefined],
      ['COPY', { 'x-destination': '/api/assets/tree/more' }, undefined],
    ] as const) {
      const init = { method, headers: { ...headers, 'if-match': '"another"' }, ...(body !== undefined && { body }) }
      expect(await codeOf(await http.fetch('/api/assets/tree/held', init)), method).toEqual([412, 'ASSAY-PRECONDITION-FAILED'])
    }
    expect(await text('tree/held')).toBe('held')
    await http.fetch('/content/dam/tree/held', { method: 'DELETE' })
  })

  it.each([
    ['a source that is not there', 'tree/none', '/api/assets/tree/x', 404, 'ASSAY-ASSET-NOT-FOUND'],
    ['a folder that is not there', 'tree/a', '/api/assets/none/x', 404, 'ASSAY-FOLDER-NOT-FOUND'],
    ['an asset for a folder', 'tree/a', '/api/assets/tree/b.dita/x', 409, 'ASSAY-CONFLICT'],
    ['itself', 'tree/a', '/api/assets/tree/a', 409, 'ASSAY-CONFLICT'],
    ['what is below it', 'tree/a', '/api/assets/tree/a/below', 409, 'ASSAY-CONFLICT'],
    ['what is above it', 'tree/a/c.dita', '/api/assets/tree/a', 409, 'ASSAY-CONFLICT'],
    ['no destination', 'tree/a', '', 412, 'ASSAY-PRECONDITION-FAILED'],
    ['a foreign destination', 'tree/a', '/etc/passwd', 400, 'ASSAY-INVALID-PATH'],
    ['a destination that is not encoded', 'tree/a', '/api/assets/tree/\u00e9', 400, 'ASSAY-MALFORMED-URL'],
    ['a destination with dots', 'tree/a', '/api/assets/../x', 400, 'ASSAY-INVALID-PATH'],
    ['a name that makes paths too long', 'tree/a', `/api/assets/tree/${'x'.repeat(255)}`, 400, 'ASSAY-INVALID-PATH'],
  ])('refuses %s and changes nothing', async (_what, source, destination, status, code) => {
    const long = `tree/a${`/${'y'.repeat(200)}`.repeat(9)}`
    for (const path of ['tree/a/c.dita', 'tree/b.dita', long]) await http.put(`/content/dam/${path}`, path)
    for (const method of ['MOVE', 'COPY']) {
      const response = await http.fetch(`/api/assets/${source}`, { method, headers: { 'x-destination': destination } })
      expect(await codeOf(response), method).toEqual([status, code])
    }
    expect([await text('tree/a/c.dita'), await text('tree/b.dita')]).toEqual(['tree/a/c.dita', 'tree/b.dita'])
  })
})
