import { beforeAll, describe, expect, it } from 'vitest'
import { type AssayApi, apiOf, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'
import { tarBytes } from '../support/tar-bytes.ts'
import { engines } from '../support/test-database.ts'

interface ImportAnswer {
  readonly target: string
  readonly received: number
  readonly skipped: number
  readonly failed: number
  readonly files: readonly {
    name: string
    outcome: string
    path?: string
    uuid?: string
    revision?: number
    error?: { status: number; code: string }
  }[]
}

type Part = readonly [name: string, value: string] | readonly [name: string, file: { name: string; content: string }]

describe.each(engines)('imports of several files (%s)', (engine) => {
  let server: SharedAssay
  let api: AssayApi

  beforeAll(async () => {
    server = await sharedAssay(engine)
    api = apiOf(server)
  })

  const post = (...parts: Part[]) => {
    const form = new FormData()
    for (const [name, value] of parts) {
      if (typeof value === 'string') form.append(name, value)
      else form.append(name, new Blob([value.content]), value.name)
    }
    return api.send('/bin/guides/v1/asset/import', { method: 'POST', body: form })
  }
  const file = (name: string, content = topic(name)): Part => ['file', { name, content }]
  const imported = async (...parts: Part[]) => {
    const response = await post(...parts)
    const text = await response.text()
    expect(response.status, text).toBe(200)
    return JSON.parse(text) as ImportAnswer
  }

  it('puts files with relative paths below the target', async () => {
    const folder = api.folder('import')
    const names = ['a.dita', 'deep/er/b.dita', 'Überß 名.dita', 'b,c.dita', "d'e (1).dita", '\u{1F331}.dita', '100%25.dita', 'שלום.dita']
    const answer = await imported(['target', folder], ...names.map((name) => file(name)))
    expect(answer).toMatchObject({ target: folder, received: names.length, skipped: 0, failed: 0 })
    expect(answer.files.map(({ path, outcome }) => [path, outcome])).toEqual(names.map((name) => [`${folder}/${name}`, 'created']))
    const list = await api.settled([folder])
    expect(list.map(({ path }) => path).sort()).toEqual(names.map((name) => `${folder}/${name}`).sort())
    expect(list.every(({ status }) => status === 'SUCCESS')).toBe(true)
    const uuids = new Map(list.map(({ path, uuid }) => [path, uuid]))
    for (const { path, uuid } of answer.files) expect(uuids.get(path!)).toBe(uuid)
    for (const name of names)
      expect(await (await api.send(`${folder}/${encodeURIComponent(name).replaceAll('%2F', '/')}`)).text()).toBe(topic(name))
  })

  it('takes the target as path and after the files', async () => {
    const folder = api.folder('late')
    expect(await imported(file('a.dita'), file('b.dita'), ['path', folder])).toMatchObject({ received: 2, target: folder })
    expect(await api.collect([folder])).toHaveLength(2)
  })

  it('follows the conflict rule: overwrite, skip or fail', async () => {
    const folder = api.folder('rules')
    await imported(['target', folder], file('a.dita', topic('1')))
    const again = async (rule: string, content: string) =>
      (await imported(['target', folder], ['conflict', rule], file('a.dita', content))).files[0]!
    expect(await again('skip', topic('2'))).toMatchObject({ outcome: 'skipped' })
    expect(await again('fail', topic('2'))).toMatchObject({ outcome: 'failed', error: { status: 409, code: 'ASSAY-CONFLICT' } })
    expect(await (await api.send(`${folder}/a.dita`)).text()).toBe(topic('1'))
    expect(await again('overwrite', topic('1'))).toMatchObject({ outcome: 'unchanged', revision: 1 })
    expect(await again('overwrite', topic('2'))).toMatchObject({ outcome: 'updated', revision: 2 })
    expect((await imported(['target', folder], file('a.dita', topic('3')))).files[0]).toMatchObject({ outcome: 'updated', revision: 3 })
    expect((await post(['target', folder], ['conflict', 'replace'], file('a.dita'))).status).toBe(400)
  })

  it('lets no file out of the target', async () => {
    const folder = api.folder('inside')
    const bad = ['../out.dita', 'a/../../out.dita', './x.dita', '..']
    const answer = await imported(['target', folder], file('good.dita'), ...bad.map((name) => file(name)), file('/rooted.dita'))
    expect(answer).toMatchObject({ received: 2, failed: bad.length })
    expect(answer.files.slice(1, -1).map(({ outcome, error }) => [outcome, error?.status])).toEqual(bad.map(() => ['failed', 400]))
    expect((await api.collect([folder])).map(({ path }) => path)).toEqual([`${folder}/good.dita`, `${folder}/rooted.dita`])
    for (const target of ['/etc', '/content', '/content/dam/../x'])
      expect((await post(['target', target], file('a.dita'))).status).toBe(400)
  })

  it('goes on after a file that is refused', async () => {
    const folder = api.folder('partly')
    await api.upload(`${folder}/taken/x.dita`, topic('X'))
    const answer = await imported(['target', folder], file('a.dita'), file('taken'), file('b.dita', '<topic>'), file('taken/x.dita/y.dita'))
    expect(answer.files.map(({ outcome }) => outcome)).toEqual(['created', 'failed', 'created', 'failed'])
    expect((await api.settled([folder])).map(({ status }) => status)).toEqual(['SUCCESS', 'FAILURE', 'SUCCESS'])
  })

  it('takes the same path twice in one request, the later one last', async () => {
    const folder = api.folder('twice')
    const answer = await imported(['target', folder], file('a.dita', topic('1')), file('a.dita', topic('2')))
    expect(answer.files.map(({ revision }) => revision)).toEqual([1, 2])
    expect(await (await api.send(`${folder}/a.dita`)).text()).toBe(topic('2'))
  })

  it('takes large files among small ones', async () => {
    const folder = api.folder('large')
    const large = 'x'.repeat(400_000)
    const answer = await imported(['target', folder], file('a.dita'), file('large.txt', large), file('b.dita'), file('empty.txt', ''))
    expect(answer).toMatchObject({ received: 4, failed: 0 })
    expect(await (await api.send(`${folder}/large.txt`)).text()).toBe(large)
  })

  it('takes a tar archive', async () => {
    const folder = api.folder('tar')
    const members = [
      { name: './a.dita', content: topic('A') },
      { name: 'deep/b.dita', content: '<topic>' },
      { name: 'link', kind: '2' },
    ]
    const headers = { 'content-type': 'application/x-tar' }
    const response = await api.send(`/bin/guides/v1/asset/import?target=${folder}`, { method: 'POST', body: tarBytes(members), headers })
    const answer = (await response.json()) as ImportAnswer
    expect(answer).toMatchObject({ target: folder, received: 2, failed: 1 })
    expect(answer.files.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['a.dita', 'created'],
      ['deep/b.dita', 'created'],
      ['link', 'failed'],
    ])
    expect((await api.settled([folder])).map(({ path, status }) => [path, status])).toEqual([
      [`${folder}/a.dita`, 'SUCCESS'],
      [`${folder}/deep/b.dita`, 'FAILURE'],
    ])
  })

  it('refuses a request without a target and one that is no multipart', async () => {
    expect((await post(file('a.dita'))).status).toBe(400)
    const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
    expect((await api.send('/bin/guides/v1/asset/import', json)).status).toBe(415)
  })
})
