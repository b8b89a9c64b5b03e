import { beforeAll, describe, expect, it } from 'vitest'
import { type AssayApi, apiOf, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'
import { engines } from '../support/test-database.ts'

interface Rules {
  readonly ignored: readonly string[]
  readonly enabled: readonly string[]
}

describe.each(engines)('path rules (%s)', (engine) => {
  let server: SharedAssay
  let api: AssayApi
  let folder: string

  beforeAll(async () => {
    server = await sharedAssay(engine)
    api = apiOf(server)
    folder = api.folder('rules')
  })

  const read = async () => {
    const response = await api.send('/api/v1/rules')
    return { etag: response.headers.get('etag')!, rules: (await response.json()) as Rules }
  }
  const put = (rules: Rules, headers: Record<string, string> = {}) =>
    api.send('/api/v1/rules', { method: 'PUT', body: JSON.stringify(rules), headers: { 'content-type': 'application/json', ...headers } })
  /** Changes nothing of the rules of others. */
  const change = async (edit: (rules: Rules) => Rules) => {
    for (;;) {
      const { etag, rules } = await read()
      const response = await put(edit({ ignored: rules.ignored, enabled: rules.enabled }), { 'if-match': etag })
      if (response.status !== 412) return response
    }
  }

  it('keep what is ignored, out of post-processing and out of status lists, and take it up when it is enabled', async () => {
    const [kept, draft] = [`${folder}/a.dita`, `${folder}/drafts/b.dita`]
    const changed = await change((rules) => ({ ...rules, ignored: [...rules.ignored, `${folder}/drafts/`] }))
    expect([changed.status, await changed.json()]).toMatchObject([200, { applied: true, changedBy: 'admin' }])
    await api.upload(kept, topic('Kept', '<p>See <xref href="drafts/b.dita#topic/none"/> and <ph conref="drafts/b.dita#x/y"/>.</p>'))
    const { uuid } = await api.upload(draft, topic('Draft'))
    expect((await api.settled([folder])).map(({ path, status }) => [path, status])).toEqual([[kept, 'SUCCESS']])
    // Nobody looks into the draft, so nothing in it is missing.
    expect((await api.detail(kept)).problems).toEqual([])
    expect(await (await api.send(draft)).text()).toContain('Draft')
    expect(await api.detail(draft)).toMatchObject({ uuid, ignored: true, problems: [] })

    await change((rules) => ({ ...rules, ignored: rules.ignored.filter((entry) => entry !== `${folder}/drafts`) }))
    expect((await api.settled([folder])).map(({ path, status }) => [path, status])).toEqual([
      [kept, 'SUCCESS'],
      [draft, 'SUCCESS'],
    ])
    expect(await api.detail(draft)).toMatchObject({ uuid, ignored: false })
  })

  it('leave out of a status list also what was asked for by name, and say how many', async () => {
    const asset = `${folder}/x/secret.pdf`
    await api.upload(asset, 'text')
    await change((rules) => ({ ...rules, ignored: [...rules.ignored, `regex:${folder}/.*\\.pdf`] }))
    const listed = await api.start({ paths: [asset, `${folder}/x/none`] }, { prefer: 'wait=60' })
    expect(listed.headers.get('x-ignored-count')).toBe('1')
    expect(await api.finish(listed)).toEqual([{ path: `${folder}/x/none`, status: 'FAILURE', exists: false }])
    const counts = (query: string) => api.send(`/api/v1/${query}`).then((response) => response.json())
    expect(await counts(`folders?path=${folder}/x`)).toMatchObject({ assets: 1, ignored: 1, statusCounts: { PENDING: 0, SUCCESS: 0 } })
    expect(await counts(`assets?folder=${folder}/x`)).toMatchObject({ items: [{ path: asset, ignored: true }] })
    expect(await counts(`assets?folder=${folder}/x&status=PENDING`)).toMatchObject({ items: [] })
    expect(await counts(`assets?folder=${folder}/x&ignored=false`)).toMatchObject({ items: [] })
  })

  it('are named by a dry run with what each leaves out', async () => {
    const tree = `${folder}/dry`
    const names = ['a.dita', 'drafts/b.dita', 'drafts/c.dita', 'drafts/deep/d.dita', 'e.old']
    const entries = [`${tree}/drafts`, `regex:${tree}/.*\\.old`]
    await change((rules) => ({ ...rules, ignored: [...rules.ignored, ...entries] }))
    await Promise.all(names.map((name) => api.upload(`${tree}/${name}`, topic(name))))
    const order = { path: tree, excludedPaths: [`${tree}/drafts/deep`], dryRun: true }
    const headers = { 'content-type': 'application/json' }
    const preview = await api.send('/api/v1/runs', { method: 'POST', body: JSON.stringify(order), headers })
    expect(await preview.json()).toMatchObject({
      total: 1,
      leftOut: expect.arrayContaining([{ reason: 'ignored', path: null, assets: 3 }]),
      ignoredBy: {
        rules: [
          { list: 'ignored', entry: entries[0], assets: 2 },
          { list: 'ignored', entry: entries[1], assets: 1 },
        ],
        others: 0,
        uncounted: 0,
      },
    })
  })

  it('tell which of them decides', async () => {
    await change((rules) => ({ ignored: [...rules.ignored, `regex:${folder}/.*/old`], enabled: [...rules.enabled, `${folder}/x/old/but`] }))
    const decide = async (path: string) => (await api.send(`/api/v1/rules/decision?path=${encodeURIComponent(path)}`)).json()
    expect(await decide(`${folder}/x/old/a.dita`)).toEqual({
      path: `${folder}/x/old/a.dita`,
      processed: false,
      rule: { list: 'ignored', entry: `regex:${folder}/.*/old`, at: `${folder}/x/old` },
      explanation: expect.stringContaining('It is not post-processed'),
    })
    expect(await decide(`${folder}/x/old/but/a.dita`)).toMatchObject({
      processed: true,
      rule: { list: 'enabled', at: `${folder}/x/old/but` },
    })
    expect(await decide('/elsewhere')).toMatchObject({ processed: false, rule: null })
  })

  it('are refused with the place and the remedy of each that is wrong', async () => {
    const { rules } = await read()
    const response = await put({ ignored: ['/content/dam/x', 'regex:(?<=a)b', '../up'], enabled: ['regex:.{1000}.{1000}'] })
    expect(response.status).toBe(400)
    const { errors } = (await response.json()) as { errors: { pointer: string; detail: string }[] }
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/ignored/1', '/ignored/2', '/enabled/0'])
    for (const { detail } of errors) expect(detail).toMatch(/\b(Use|write|divide)\b/)
    expect((await put({ ignored: [] } as unknown as Rules)).status).toBe(400)
    expect((await read()).rules).toMatchObject({ ignored: rules.ignored, enabled: rules.enabled })
  })

  it('are not overwritten by somebody who has seen others', async () => {
    const { etag, rules } = await read()
    const changed = await change((now) => ({ ...now, ignored: [...now.ignored, `${folder}/new`] }))
    expect(changed.headers.get('etag')).not.toBe(etag)
    const late = await put({ ignored: rules.ignored, enabled: rules.enabled }, { 'if-match': etag })
    expect([late.status, await late.json()]).toMatchObject([412, { code: 'ASSAY-PRECONDITION-FAILED' }])
    expect((await read()).rules.ignored).toContain(`${folder}/new`)
  })
})
