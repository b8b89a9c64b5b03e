import { once } from 'node:events'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AssayApi, apiOf, encodePath, type Receipt, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'
import { openSocket, rawRequest } from '../support/raw-http.ts'
import { engines } from '../support/test-database.ts'

/** What the upload clients of AEM let through, and harder ones. */
const names = [
  'b,c.dita',
  'a(1).dita',
  "d'e.dita",
  'h+i.dita',
  'l;m.dita',
  'n@o.dita',
  'Überß 名.dita',
  'UPPER.DITA',
  'no-ext',
  'two..dots.dita',
  'dollar$.dita',
  'equals=.dita',
  'bang!.dita',
  'a & b.dita',
  '100%.dita',
  '%25.dita',
  '%2F.dita',
  '#hash.dita',
  'what?.dita',
  '[brackets]{braces}.dita',
  'colon:pipe|star*.dita',
  'back\\slash.dita',
  '"quoted".dita',
  '<angle>.dita',
  'caret^`tick.dita',
  '\u{1F331}\u{1F469}\u200D\u{1F33E}.dita',
  'שלום עולם.dita',
  'مرحبا.dita',
  'e\u0301-decomposed.dita',
  '\u00a0no-break.dita',
  'a\u202eatid.exe',
  '.hidden',
  '~tilde.dita',
  'constructor',
  '__proto__',
  'NUL.dita',
  `${'x'.repeat(250)}.dita`,
]

interface Siren {
  readonly links: readonly { readonly rel: readonly string[]; readonly href: string }[]
  readonly entities: readonly (Pick<Siren, 'links'> & { readonly properties: { readonly name: string } })[]
}

describe.each(engines)('uploads (%s)', (engine) => {
  let server: SharedAssay
  let api: AssayApi

  beforeAll(async () => {
    server = await sharedAssay(engine)
    api = apiOf(server)
  })

  const bytesOf = async (path: string) => Buffer.from(await (await api.send(encodePath(path))).arrayBuffer())

  it('keeps every name and every byte', async () => {
    const folder = api.folder('names')
    for (const name of names) {
      const content = Buffer.from(topic(`About ${name}`))
      const response = await api.put(`${folder}/${name}`, content)
      const receipt = (await response.json()) as Receipt
      expect([response.status, receipt.path], name).toEqual([201, `${folder}/${name}`])
      expect(response.headers.get('location')).toBe(encodePath(`${folder}/${name}`))
      expect(response.headers.get('x-asset-uuid')).toBe(receipt.uuid)
      expect((await bytesOf(`${folder}/${name}`)).equals(content), name).toBe(true)
    }
    const list = await api.settled([folder])
    expect(list.map(({ path }) => path).sort()).toEqual(names.map((name) => `${folder}/${name}`).sort())
    for (const name of names) expect((await api.collect([`${folder}/${name}`]))[0], name).toMatchObject({ exists: true })
    for (const name of names) {
      expect((await api.remove(`${folder}/${name}`)).status, name).toBe(200)
      expect((await api.send(encodePath(`${folder}/${name}`))).status, name).toBe(404)
    }
    expect(await api.collect([folder])).toEqual([])
  })

  it('keeps names that folders have too', async () => {
    const root = api.folder('folders')
    for (const name of names) await api.upload(`${root}/${name}/x.dita`, topic(name))
    const all = await api.settled([root])
    expect(all.map(({ path }) => path).sort()).toEqual(names.map((name) => `${root}/${name}/x.dita`).sort())
    for (const name of names) expect(await api.collect([`${root}/${name}`], [])).toHaveLength(1)
    expect(await api.collect([root], [`${root}/a(1).dita`, `${root}/b,c.dita`])).toHaveLength(names.length - 2)
  })

  it('keeps any content byte for byte, small, large and empty', async () => {
    const folder = api.folder('bytes')
    const contents = [0, 1, 131_071, 131_072, 131_073, 3_000_000].map((size) => Buffer.alloc(size, Buffer.from('\u0000\u00ffAssay\r\n\n')))
    for (const content of contents) {
      const path = `${folder}/${content.length}.bin`
      expect(await api.upload(path, content)).toMatchObject({ revision: 1, outcome: 'created' })
      expect((await bytesOf(path)).equals(content), path).toBe(true)
    }
    expect((await api.settled([folder])).map(({ status }) => status)).toEqual(Array(contents.length).fill('SUCCESS'))
  })

  it('gives no new revision to the same bytes', async () => {
    const path = `${api.folder('same')}/x.dita`
    const first = await api.upload(path, topic('X'))
    await api.settled([path])
    expect(await api.upload(path, topic('X'))).toEqual({ ...first, outcome: 'unchanged' })
    expect((await api.collect([path]))[0]!.status).toBe('SUCCESS')
    expect(await api.upload(path, topic('Y'))).toEqual({ ...first, outcome: 'updated', revision: 2 })
    expect(await api.upload(path, topic('X'))).toEqual({ ...first, outcome: 'updated', revision: 3 })
  })

  it('keeps the uuid over all revisions and gives a new one after a removal', async () => {
    const path = `${api.folder('uuid')}/x.dita`
    const { uuid } = await api.upload(path, topic('1'))
    expect(uuid).toMatch(/^GUID-[\w-]+$/)
    for (const title of ['2', '3', '4']) expect((await api.upload(path, topic(title))).uuid).toBe(uuid)
    expect((await api.settled([path]))[0]).toEqual({ path, uuid, status: 'SUCCESS', exists: true })
    await api.remove(path)
    const again = await api.upload(path, topic('1'))
    expect(again).toMatchObject({ revision: 1, outcome: 'created' })
    expect(again.uuid).not.toBe(uuid)
  })

  it('takes the uuid that a file name brings along, for one asset', async () => {
    const folder = api.folder('guid')
    const uuid = `GUID-0a1b2c3d-4e5f-6789-abcd-${engine === 'pglite' ? '000000000001' : '000000000002'}`
    expect((await api.upload(`${folder}/${uuid}.dita`, topic('First'))).uuid).toBe(uuid)
    const second = await api.upload(`${folder}/other/${uuid}.dita`, topic('Second'))
    expect(second.uuid).not.toBe(uuid)
    expect((await api.upload(`${folder}/${uuid}.dita`, topic('First again'))).uuid).toBe(uuid)
  })

  it('stores the NFC and the NFD form of a name as one asset', async () => {
    const folder = api.folder('forms')
    const first = await api.upload(`${folder}/é.dita`.normalize('NFC'), topic('1'))
    const second = await api.upload(`${folder}/é.dita`.normalize('NFD'), topic('2'))
    expect(second).toMatchObject({ path: first.path, uuid: first.uuid, revision: 2 })
    // Below a folder that is stored in one form, a name that is stored in the other.
    const { path } = await api.upload(`${`${folder}/ü`.normalize('NFC')}/${'ö'.normalize('NFD')}.dita`, topic('3'))
    for (const form of ['NFC', 'NFD'] as const) {
      for (const list of ['/api/v1/assets?folder=', '/api/v1/events?type=asset.received&path=', '/api/v1/audit?path=']) {
        const response = await api.send(`${list}${encodeURIComponent(`${folder}/ü`.normalize(form))}`)
        expect(
          ((await response.json()) as { items: { path: string }[] }).items.map((item) => item.path),
          `${list} ${form}`,
        ).toEqual([path])
      }
    }
  })

  it('keeps names that differ in case apart', async () => {
    const folder = api.folder('case')
    const uuids = [await api.upload(`${folder}/a.dita`, topic('1')), await api.upload(`${folder}/A.dita`, topic('2'))].map(
      ({ uuid }) => uuid,
    )
    expect(new Set(uuids).size).toBe(2)
  })

  it('lists an upload at once, with the uuid that it was answered', async () => {
    const folder = api.folder('at-once')
    for (let count = 1; count <= 20; count++) {
      const { path, uuid } = await api.upload(`${folder}/${count}.dita`, topic(String(count)))
      expect((await api.collect([path]))[0]).toMatchObject({ path, uuid, exists: true })
    }
  })

  it('refuses an asset where a folder is, and below an asset', async () => {
    const folder = api.folder('conflict')
    await api.upload(`${folder}/a/x.dita`, topic('X'))
    expect((await api.put(`${folder}/a`, topic('Folder'))).status).toBe(409)
    expect((await api.put(`${folder}/a/x.dita/y.dita`, topic('Below'))).status).toBe(409)
    expect((await api.settled([folder])).map(({ path }) => path)).toEqual([`${folder}/a/x.dita`])
  })

  it('honours If-None-Match and If-Match', async () => {
    const path = `${api.folder('conditions')}/x.dita`
    expect((await api.put(path, topic('1'), { 'if-none-match': '*' })).status).toBe(201)
    expect((await api.put(path, topic('2'), { 'if-none-match': '*' })).status).toBe(412)
    const etag = (await api.send(path)).headers.get('etag')!
    expect((await api.put(path, topic('2'), { 'if-match': '"other"' })).status).toBe(412)
    expect((await api.put(path, topic('2'), { 'if-match': etag })).status).toBe(200)
    expect((await api.put(path, topic('3'), { 'if-match': etag })).status).toBe(412)
    expect(await (await api.send(path)).text()).toBe(topic('2'))
  })

  it('serves the original as a harmless attachment, whole, in parts and not again', async () => {
    const path = `${api.folder('original')}/a "b" é.html`
    await api.upload(path, '<script>alert(1)</script>')
    const whole = await api.send(encodePath(path))
    expect(whole.headers.get('content-disposition')).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''a%20%22b%22%20/)
    expect(whole.headers.get('x-content-type-options')).toBe('nosniff')
    expect(whole.headers.get('content-security-policy')).toContain('sandbox')
    expect(whole.headers.get('content-length')).toBe('25')
    const part = await api.send(encodePath(path), { headers: { range: 'bytes=8-12' } })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 8-12/25', 'alert'])
    expect((await api.send(encodePath(path), { headers: { range: 'bytes=99-' } })).status).toBe(416)
    expect((await api.send(encodePath(path), { headers: { 'if-none-match': whole.headers.get('etag')! } })).status).toBe(304)
  })

  it('removes a folder with all below it', async () => {
    const folder = api.folder('remove')
    for (const name of ['a/x.dita', 'a/b/y.dita', 'ab.dita']) await api.upload(`${folder}/${name}`, topic(name))
    expect(await (await api.remove(`${folder}/a`)).json()).toEqual({ path: `${folder}/a`, removedAssets: 2 })
    expect((await api.collect([folder])).map(({ path }) => path)).toEqual([`${folder}/ab.dita`])
    expect((await api.remove(`${folder}/a`)).status).toBe(404)
  })

  it('decodes a name exactly once', async () => {
    const folder = api.folder('once')
    const answer = await rawRequest(
      server.url,
      [`PUT ${folder}/%2525%20x.dita HTTP/1.1`, `Authorization: ${server.authorization}`, 'Content-Length: 4'],
      'text',
    )
    expect(answer.status).toBe(201)
    expect((await api.collect([folder])).map(({ path }) => path)).toEqual([`${folder}/%25 x.dita`])
  })

  it('takes no name with a blank at its ends for another one', async () => {
    const folder = api.folder('blanks')
    await api.upload(`${folder}/x.dita`, topic('X'))
    const form = new FormData()
    form.append('target', folder)
    form.append('file', new File(['other'], 'x.dita '))
    const imported = await api.send('/bin/guides/v1/asset/import', { method: 'POST', body: form })
    expect(await imported.json()).toMatchObject({
      failed: 1,
      files: [{ error: { status: 400, detail: expect.stringContaining('"x.dita "') } }],
    })
    for (const name of ['x.dita%20', '%20x.dita']) {
      const refused = await api.send(`${folder}/${name}`, { method: 'PUT', body: 'other' })
      expect([refused.status, await refused.text()], name).toEqual([400, expect.stringContaining('remove the blank')])
      for (const method of ['GET', 'DELETE'])
        expect((await api.send(`${folder}/${name}`, { method })).status, `${method} ${name}`).toBe(404)
    }
    expect(await (await api.send(`${folder}/x.dita`)).text()).toBe(topic('X'))
  })

  it('says what the root folder is', async () => {
    for (const address of ['/content/dam', '/content/dam/']) {
      expect((await api.send(address)).status).toBe(404)
      for (const method of ['PUT', 'DELETE']) {
        const response = await api.send(address, { method })
        expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('root folder')])
      }
    }
  })

  it('refuses paths that are none', async () => {
    const folder = api.folder('refused')
    const refused = [
      `${folder}/%00.dita`,
      `${folder}/a%0ab.dita`,
      `${folder}/%ff.dita`,
      `${folder}/a%2fb.dita`,
      `${folder}/%2e%2e/b.dita`,
      `${folder}/a/`,
      `${folder}/${'x'.repeat(256)}`,
      `${folder}${'/long-name'.repeat(250)}`,
      '/content/dam',
      '/content/dam/',
    ]
    for (const path of refused) {
      const head = [`PUT ${path} HTTP/1.1`, `Authorization: ${server.authorization}`, 'Content-Length: 1']
      const answer = await rawRequest(server.url, head, 'x')
      expect([400, 404, 405, 414], `${path.slice(0, 80)}: ${answer.body}`).toContain(answer.status)
    }
    expect(await api.collect([folder])).toEqual([{ path: folder, status: 'FAILURE', exists: false }])
  })

  it('leaves nothing of an upload that broke off', async () => {
    const folder = api.folder('broken')
    for (const [sent, announced] of [
      [10, 100],
      [200_000, 400_000],
    ] as const) {
      for (const name of ['new.dita', 'old.dita']) {
        if (name === 'old.dita') await api.upload(`${folder}/${name}`, topic('Old'))
        const socket = await openSocket(server.url)
        socket.on('error', () => {})
        socket.write(
          `PUT ${folder}/${name} HTTP/1.1\r\nHost: x\r\nAuthorization: ${server.authorization}\r\nContent-Length: ${announced}\r\n\r\n`,
        )
        socket.write('x'.repeat(sent))
        socket.end()
        socket.resume()
        await once(socket, 'close')
      }
    }
    const list = await api.settled([folder])
    expect(list.map(({ path }) => path)).toEqual([`${folder}/old.dita`])
    expect(await (await api.send(`${folder}/old.dita`)).text()).toBe(topic('Old'))
    expect(await api.upload(`${folder}/old.dita`, topic('Old'))).toMatchObject({ revision: 1, outcome: 'unchanged' })
  })

  it('leaves nothing of a chunked upload without an end', async () => {
    const folder = api.folder('endless')
    const socket = await openSocket(server.url)
    socket.on('error', () => {})
    const head = `PUT ${folder}/x.dita HTTP/1.1\r\nHost: x\r\nAuthorization: ${server.authorization}\r\nTransfer-Encoding: chunked\r\n\r\n`
    socket.write(`${head}5\r\nhello\r\n`)
    socket.end()
    socket.resume()
    await once(socket, 'close')
    expect(await api.collect([folder])).toEqual([{ path: folder, status: 'FAILURE', exists: false }])
  })

  it('counts parallel uploads of one path one after another', async () => {
    const path = `${api.folder('parallel')}/x.dita`
    const receipts = await Promise.all(Array.from({ length: 16 }, (_, index) => api.upload(path, topic(`Title ${index}`))))
    expect(receipts.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1))
    expect(new Set(receipts.map(({ uuid }) => uuid)).size).toBe(1)
    await api.settled([path])
    const winner = receipts.findIndex(({ revision }) => revision === 16)
    expect((await api.detail(path)).title).toBe(`Title ${winner}`)
  })

  it('leads by links from /api.json to every asset', async () => {
    const folder = api.folder('linked')
    await api.upload(`${folder}/ü & b/a.dita`, topic('Linked'))
    const follow = async (address: string) => (await (await api.send(address)).json()) as Siren
    const hrefOf = ({ links }: Pick<Siren, 'links'>, wanted: string) =>
      links.find(({ rel }) => rel.includes(wanted))!.href.slice(server.url.length)
    let shown = await follow(hrefOf(await follow('/api.json'), 'assets'))
    const parents: string[] = []
    for (const name of [folder.split('/').at(-1), 'ü & b', 'a.dita']) {
      parents.push(hrefOf(shown, 'self'))
      // A page has 20 entities, and other tests have folders beside this one.
      shown = await follow(`${hrefOf(shown, 'self')}?limit=9999`)
      shown = await follow(hrefOf(shown.entities.find(({ properties }) => properties.name === name)!, 'self'))
      expect(hrefOf(shown, 'parent')).toBe(parents.at(-1))
    }
    expect(await (await api.send(hrefOf(shown, 'content'))).text()).toBe(topic('Linked'))
  })
})
