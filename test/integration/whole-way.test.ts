import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AssayApi, apiOf, type Detail, eventually, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'
import { engines } from '../support/test-database.ts'

const garden = fileURLToPath(new URL('../../examples/garden', import.meta.url))

describe.each(engines)('the whole way of assets (%s)', (engine) => {
  let server: SharedAssay
  let api: AssayApi

  beforeAll(async () => {
    server = await sharedAssay(engine)
    api = apiOf(server)
  })

  const states = (detail: Detail) => detail.references.out.map(({ value, state }) => `${value} ${state}`)
  /** Waits until the references of an asset stand as wanted: they are looked at again when a target changes, not at once. */
  const untilStates = (path: string, wanted: readonly string[]) =>
    eventually(
      () => api.detail(path),
      (detail) => detail.status === 'SUCCESS' && JSON.stringify(states(detail)) === JSON.stringify(wanted),
    )
  const codesOf = (detail: Detail) => detail.problems.map(({ code, line }) => `${code} ${line}`)

  it('finds the mistakes of the example manual, and no others', async () => {
    const folder = api.folder('garden')
    const files = readdirSync(garden, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    await Promise.all(
      files.map((file) => {
        const path = join(file.parentPath, file.name)
        return api.upload(`${folder}/${relative(garden, path)}`, readFileSync(path))
      }),
    )
    const list = await api.settled([folder])
    expect(list).toHaveLength(files.length)
    expect(list.filter(({ status }) => status === 'FAILURE').map(({ path }) => relative(folder, path))).toEqual(['topics/harvest.dita'])
    const map = await eventually(
      () => api.detail(`${folder}/garden.ditamap`),
      ({ problems, references }) => problems.length === 0 && references.out.every(({ state }) => state === 'ok'),
    )
    expect(map.references.out).toHaveLength(10)
    expect(map.title).toBe('A Garden for Beginners')
    const found: Record<string, readonly string[]> = {}
    for (const { path } of list) {
      const detail = await api.detail(path)
      if (detail.problems.length > 0) found[relative(folder, path)] = codesOf(detail)
    }
    expect(found).toEqual({
      'topics/compost.dita': ['REF_FRAGMENT_MISSING 6'],
      'topics/harvest.dita': ['NOT_WELL_FORMED 7'],
      'topics/pests.dita': ['MISSING_TITLE 3', 'REF_CASE_MISMATCH 6'],
      'topics/sowing.dita': ['DUPLICATE_ID 8'],
      'topics/watering.dita': ['REF_TARGET_MISSING 6'],
      'topics/winter.dita': ['CONREF_UNRESOLVED 6', 'UNDECLARED_ENTITY 7'],
    })
    const soil = await api.detail(`${folder}/topics/soil.dita`)
    expect(soil.references.in.map(({ path }) => relative(folder, path))).toEqual(['garden.ditamap', 'topics/compost.dita'])
  })

  it('follows an asset from one content to the next', async () => {
    const path = `${api.folder('update')}/x.dita`
    await api.upload(path, topic('First'))
    await api.settled([path])
    expect(await api.detail(path)).toMatchObject({ status: 'SUCCESS', revision: 1, title: 'First', problems: [] })
    await api.upload(path, '<topic id="x"><title>Second</title><body><p>open</body></topic>')
    await api.settled([path])
    const failed = await api.detail(path)
    expect(failed).toMatchObject({ status: 'FAILURE', revision: 2 })
    expect(codesOf(failed)).toEqual(['NOT_WELL_FORMED 1'])
    await api.upload(path, topic('Third'))
    await api.settled([path])
    expect(await api.detail(path)).toMatchObject({ status: 'SUCCESS', revision: 3, title: 'Third', problems: [] })
  })

  it('looks at references again when their target comes, changes its ids, breaks, and goes', async () => {
    const folder = api.folder('target')
    const [source, target] = [`${folder}/source.dita`, `${folder}/target.dita`]
    const links = '<p><xref href="target.dita"/><xref href="target.dita#topic/p"/></p><p conref="target.dita#topic/p"/>'
    const all = (...three: string[]) =>
      ['target.dita', 'target.dita#topic/p', 'target.dita#topic/p'].map((value, i) => `${value} ${three[i]}`)
    await api.upload(source, topic('Source', links))
    await untilStates(source, all('REF_TARGET_MISSING', 'REF_TARGET_MISSING', 'CONREF_UNRESOLVED'))
    await api.upload(target, topic('Target', '<p id="p">Text</p>'))
    await untilStates(source, all('ok', 'ok', 'ok'))
    await api.upload(target, topic('Target', '<p id="q">Text</p>'))
    await untilStates(source, all('ok', 'REF_FRAGMENT_MISSING', 'CONREF_UNRESOLVED'))
    await api.upload(target, topic('Target', '<note id="p">Text</note>'))
    await untilStates(source, all('ok', 'ok', 'CONREF_TYPE_MISMATCH'))
    await api.upload(target, topic('Target', '<p id="p">Text</p>'))
    await untilStates(source, all('ok', 'ok', 'ok'))
    await api.remove(target)
    const last = await untilStates(source, all('REF_TARGET_MISSING', 'REF_TARGET_MISSING', 'CONREF_UNRESOLVED'))
    expect(last.revision).toBe(1)
    expect(last.problems.map(({ code }) => code).sort()).toEqual(['CONREF_UNRESOLVED', 'REF_TARGET_MISSING', 'REF_TARGET_MISSING'])
  })

  it('looks at references again when only the spelling of their target changes', async () => {
    const folder = api.folder('spelling')
    await api.upload(`${folder}/source.dita`, topic('Source', '<p><xref href="Target.dita"/></p>'))
    await api.upload(`${folder}/target.dita`, topic('Target'))
    await untilStates(`${folder}/source.dita`, ['Target.dita REF_CASE_MISMATCH'])
    await api.upload(`${folder}/Target.dita`, topic('Target'))
    await untilStates(`${folder}/source.dita`, ['Target.dita ok'])
    await api.remove(`${folder}/Target.dita`)
    await untilStates(`${folder}/source.dita`, ['Target.dita REF_CASE_MISMATCH'])
  })

  it('finds loops of content references when the last part of them comes, and loses them when one goes', async () => {
    const folder = api.folder('loop')
    const next = ['b', 'c', 'a']
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      await api.upload(`${folder}/${name}.dita`, topic(name, `<p id="p" conref="${next[index]}.dita#topic/p"/>`))
    }
    for (const name of ['a', 'b', 'c']) {
      const detail = await eventually(
        () => api.detail(`${folder}/${name}.dita`),
        ({ problems }) => problems.some(({ code }) => code === 'CONREF_LOOP'),
      )
      expect(detail.status).toBe('SUCCESS')
    }
    await api.upload(`${folder}/b.dita`, topic('b', '<p id="p">Text</p>'))
    for (const name of ['a', 'b', 'c']) {
      await eventually(
        () => api.detail(`${folder}/${name}.dita`),
        ({ status, problems }) => status === 'SUCCESS' && problems.length === 0,
      )
    }
  })

  it('keeps up with a thousand referrers to one target', async () => {
    const folder = api.folder('hub')
    const count = 1000
    const form = new FormData()
    form.append('target', folder)
    for (let index = 0; index < count; index++) {
      form.append('file', new Blob([topic(`${index}`, '<p><xref href="hub.dita#topic/p"/></p>')]), `${index}.dita`)
    }
    const imported = await api.send('/bin/guides/v1/asset/import', { method: 'POST', body: form })
    expect(await imported.json()).toMatchObject({ received: count, failed: 0 })
    expect((await api.settled([folder], 60_000)).filter(({ status }) => status === 'SUCCESS')).toHaveLength(count)
    const missing = (code: string) => async () => {
      const response = await api.send(`/api/v1/assets?folder=${folder}&code=${code}&limit=1000`)
      return ((await response.json()) as { items: unknown[] }).items.length
    }
    await eventually(missing('REF_TARGET_MISSING'), (found) => found === count)
    await api.upload(`${folder}/hub.dita`, topic('Hub', '<p id="q">Text</p>'))
    await eventually(missing('REF_FRAGMENT_MISSING'), (found) => found === count)
    expect(await missing('REF_TARGET_MISSING')()).toBe(0)
    await api.upload(`${folder}/hub.dita`, topic('Hub', '<p id="p">Text</p>'))
    await eventually(missing('REF_FRAGMENT_MISSING'), (found) => found === 0)
    expect((await api.detail(`${folder}/hub.dita`)).references.in[0]!.path).toBe(`${folder}/0.dita`)
    await api.remove(`${folder}/hub.dita`)
    await eventually(missing('REF_TARGET_MISSING'), (found) => found === count)
    expect((await api.detail(`${folder}/0.dita`)).revision).toBe(1)
  }, 120_000)

  it('says the same on every channel', async () => {
    const folder = api.folder('channels')
    for (const [name, content] of [
      ['good.dita', topic('Good')],
      ['bad.dita', '<topic>'],
    ] as const)
      await api.upload(`${folder}/${name}`, content)
    const listed = await api.settled([folder])
    const items = ((await (await api.send(`/api/v1/assets?folder=${folder}`)).json()) as { items: Detail[] }).items
    const lines = (await (await api.send(`/api/v1/assets?folder=${folder}`, { headers: { accept: 'application/x-ndjson' } })).text()).trim()
    const details = await Promise.all(listed.map(({ path }) => api.detail(path)))
    const pick = ({ path, uuid, status }: { path: string; uuid?: string; status: string }) => ({ path, uuid, status })
    for (const channel of [items, lines.split('\n').map((line) => JSON.parse(line) as Detail), details]) {
      expect(channel.map(pick)).toEqual(listed.map(pick))
    }
    for (const detail of details) expect(detail.problems.some(({ severity }) => severity === 'error')).toBe(detail.status === 'FAILURE')
  })
})
