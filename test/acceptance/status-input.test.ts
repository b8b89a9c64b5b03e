import { beforeAll, describe, expect, it } from 'vitest'
import { type AssayApi, apiOf, type Body, statusAddress, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'
import { engines } from '../support/test-database.ts'

describe.each(engines)('what a start of a status job takes (%s)', (engine) => {
  let server: SharedAssay
  let api: AssayApi
  /** Each with one asset: `<folder>/x.dita`. */
  let one: string
  let two: string

  beforeAll(async () => {
    server = await sharedAssay(engine)
    api = apiOf(server)
    one = api.folder('one')
    two = api.folder('two')
    for (const folder of [one, two]) await api.upload(`${folder}/x.dita`, topic('X'))
  })

  const post = (body: Body | null, type: string | null, query = '') =>
    api.send(`${statusAddress}${query}`, { method: 'POST', body, headers: type === null ? {} : { 'content-type': type } })
  const json = (body: unknown) => post(JSON.stringify(body), 'application/json')
  const form = (...pairs: [string, string][]) => post(new URLSearchParams(pairs).toString(), 'application/x-www-form-urlencoded')
  const multipart = (...pairs: [string, string][]) => {
    const data = new FormData()
    for (const [name, value] of pairs) data.append(name, value)
    return api.send(statusAddress, { method: 'POST', body: data })
  }
  const listed = async (response: Response | Promise<Response>) => api.pathsOf(await response)
  const both = () => [`${one}/x.dita`, `${two}/x.dita`]

  it('takes paths as an array', async () => {
    expect(await listed(json({ paths: [one, two] }))).toEqual(both())
  })

  it('takes paths as a string', async () => {
    expect(await listed(json({ paths: one }))).toEqual([`${one}/x.dita`])
  })

  it('takes path as a string and as an array', async () => {
    expect(await listed(json({ path: one }))).toEqual([`${one}/x.dita`])
    expect(await listed(json({ path: [one, two] }))).toEqual(both())
  })

  it('unites path and paths', async () => {
    expect(await listed(json({ path: two, paths: [one] }))).toEqual(both())
  })

  it('takes excludedPaths as a string, as an array and as null', async () => {
    expect(await listed(json({ paths: [one, two], excludedPaths: two }))).toEqual([`${one}/x.dita`])
    expect(await listed(json({ paths: [one, two], excludedPaths: [one] }))).toEqual([`${two}/x.dita`])
    expect(await listed(json({ paths: [one], excludedPaths: null }))).toEqual([`${one}/x.dita`])
    expect(await listed(json({ paths: [one], excludedPaths: [] }))).toEqual([`${one}/x.dita`])
  })

  it('takes excludedPath as a second name of excludedPaths', async () => {
    expect(await listed(json({ paths: [one, two], excludedPath: two }))).toEqual([`${one}/x.dita`])
    expect(await listed(json({ paths: [one, two], excludedPath: [one], excludedPaths: null }))).toEqual([`${two}/x.dita`])
    expect(await listed(form(['paths', one], ['paths', two], ['excludedPath', two]))).toEqual([`${one}/x.dita`])
  })

  it('takes names with brackets in forms and queries', async () => {
    const pairs: [string, string][] = [
      ['paths[]', one],
      ['path[]', two],
      ['excludedPaths[]', one],
      ['excludedPath[]', `${one}/x.dita`],
    ]
    const query = `?${new URLSearchParams(pairs)}`
    const plain = pairs.map(([name, value]) => `${name}=${value}`).join('&')
    const asked = [
      form(...pairs),
      multipart(...pairs),
      post(plain, 'application/json'),
      post(null, null, query),
      post(null, null, `?${plain}`),
    ]
    for (const response of asked) expect(await listed(response)).toEqual([`${two}/x.dita`])
  })

  it('takes a form with repeated fields', async () => {
    expect(await listed(form(['paths', one], ['paths', two]))).toEqual(both())
    expect(await listed(form(['path', one], ['paths', two], ['excludedPaths', one]))).toEqual([`${two}/x.dita`])
  })

  it('takes multipart/form-data with repeated fields', async () => {
    expect(await listed(multipart(['paths', one], ['paths', two]))).toEqual(both())
    expect(await listed(multipart(['path', one], ['path', two], ['excludedPaths', two]))).toEqual([`${one}/x.dita`])
  })

  it('takes query parameters', async () => {
    const query = `?${new URLSearchParams([
      ['paths', one],
      ['path', two],
    ])}`
    expect(await listed(post(null, null, query))).toEqual(both())
  })

  it('unites query and body', async () => {
    expect(await listed(post(JSON.stringify({ paths: one }), 'application/json', `?paths=${encodeURIComponent(two)}`))).toEqual(both())
  })

  it('reads JSON that is announced as a form, as plain text or not at all', async () => {
    const text = JSON.stringify({ paths: [one, two] })
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/octet-stream']) {
      expect(await listed(post(text, type))).toEqual(both())
    }
    expect(await listed(post(new Blob([text]), null))).toEqual(both())
  })

  it('reads a form that is announced as JSON', async () => {
    expect(await listed(post(`paths=${one}&paths=${encodeURIComponent(two)}`, 'application/json'))).toEqual(both())
  })

  it('reads JSON and a form that are announced as multipart', async () => {
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=xyz']) {
      expect(await listed(post(JSON.stringify({ paths: [one, two] }), type))).toEqual(both())
      expect(await listed(post(`paths=${one}&paths=${encodeURIComponent(two)}`, type))).toEqual(both())
      expect((await post('nothing of these', type)).status).toBe(400)
    }
  })

  it('reads multipart that is announced as JSON', async () => {
    const data = new FormData()
    data.append('paths', one)
    const body = await new Response(data).blob()
    expect(await listed(post(await body.arrayBuffer(), 'application/json'))).toEqual([`${one}/x.dita`])
  })

  it('reads JSON with a byte order mark and blanks before it', async () => {
    expect(await listed(post(`\ufeff \n${JSON.stringify({ paths: one })}`, 'application/json; charset=utf-8'))).toEqual([`${one}/x.dita`])
  })

  it('never splits a value on commas', async () => {
    const folder = api.folder('a,b')
    await api.upload(`${folder}/c,d.dita`, topic('Commas'))
    const path = `${folder}/c,d.dita`
    const asked = [json({ paths: [path] }), json({ path }), form(['paths', path]), multipart(['paths', path])]
    for (const response of asked) expect(await listed(response)).toEqual([path])
    expect(await listed(post(null, null, `?paths=${path}`))).toEqual([path])
    expect(await listed(json({ paths: `${one},${two}` }))).toEqual([`${one},${two}`])
  })

  it('trims blanks, adds the leading slash, drops the trailing one and collapses double ones', async () => {
    const bare = one.slice(1)
    for (const spelling of [` ${one} `, bare, `${one}/`, `${one}///`, one.replaceAll('/', '//'), `\t${bare}/\n`]) {
      expect(await listed(json({ paths: [spelling] })), JSON.stringify(spelling)).toEqual([`${one}/x.dita`])
      expect(await listed(json({ paths: [one, two], excludedPaths: [spelling] })), JSON.stringify(spelling)).toEqual([`${two}/x.dita`])
    }
  })

  it('decodes percent-encoding once in forms and queries, never in JSON', async () => {
    const folder = api.folder('percent')
    await api.upload(`${folder}/100%25 a.dita`, topic('Twice encoded'))
    await api.upload(`${folder}/100% a.dita`, topic('Once'))
    const [raw, once] = [`${folder}/100%25 a.dita`, `${folder}/100% a.dita`]
    expect(await listed(json({ paths: [raw] }))).toEqual([raw])
    expect(await listed(json({ paths: [once] }))).toEqual([once])
    for (const path of [raw, once]) {
      const encoded = `paths=${encodeURIComponent(path)}`
      expect(await listed(post(encoded, 'application/x-www-form-urlencoded'))).toEqual([path])
      expect(await listed(post(encoded.replaceAll('%20', '+'), 'application/x-www-form-urlencoded'))).toEqual([path])
      expect(await listed(post(null, null, `?${encoded}`))).toEqual([path])
      expect(await listed(multipart(['paths', path]))).toEqual([path])
    }
  })

  it('finds an asset under the NFC and the NFD form of its name', async () => {
    const folder = api.folder('forms')
    const [composed, decomposed] = ['Überß-é.dita'.normalize('NFC'), 'Zürich-ñ.dita'.normalize('NFD')]
    for (const name of [composed, decomposed]) await api.upload(`${folder}/${name}`, topic(name))
    for (const name of [composed, decomposed]) {
      for (const form of ['NFC', 'NFD'] as const) {
        expect(await listed(json({ paths: [`${folder}/${name}`.normalize(form)] }))).toEqual([`${folder}/${name}`])
      }
    }
    const excluded = `${folder}/${composed}`.normalize('NFD')
    expect(await listed(json({ paths: [folder], excludedPaths: [excluded] }))).toEqual([`${folder}/${decomposed}`])
    expect(await listed(json({ paths: [excluded, excluded.normalize('NFC')] }))).toEqual([`${folder}/${composed}`])
  })

  it('refuses dot segments and control characters, and names each place', async () => {
    const wrong = [
      '/content/dam/../secret',
      '/content/./dam',
      '..',
      '/content/dam/a\u0000b',
      '/content/dam/a\u0007',
      '/content/dam/a\u0085b',
    ]
    const response = await json({ paths: [one, ...wrong], excludedPaths: ['/content/dam/x/..'] })
    expect(response.status).toBe(400)
    const problem = (await response.json()) as { code: string; errors: { pointer: string; detail: string }[] }
    expect(problem.code).toBe('ASSAY-INVALID-PATH')
    expect(problem.errors.map(({ pointer }) => pointer)).toEqual([...wrong.map((_, index) => `/paths/${index + 1}`), '/excludedPaths/0'])
    expect(problem.errors.every(({ detail }) => detail.length > 0)).toBe(true)
  })

  it('refuses dot segments and control characters that a form or query encodes', async () => {
    for (const path of ['%2e%2e/x', '/content/dam/%2E%2E/x', '/content/dam/a%00b', '/content/dam/a%0db']) {
      expect((await post(`paths=${path}`, 'application/x-www-form-urlencoded')).status, path).toBe(400)
      expect((await post(null, null, `?paths=${path}`)).status, path).toBe(400)
    }
    // Decoded once, this is an ordinary name.
    expect(await listed(post('paths=/content/dam/%252e%252e', 'application/x-www-form-urlencoded'))).toEqual(['/content/dam/%2e%2e'])
  })

  it('refuses what is no UTF-8', async () => {
    expect((await post('paths=/content/dam/%ff', 'application/x-www-form-urlencoded')).status).toBe(400)
    const bytes = Buffer.from('{"paths":["/content/dam/\u00ff"]}', 'latin1')
    expect((await post(new Uint8Array(bytes), 'application/json')).status).toBe(400)
    expect((await post('{"paths":["/content/dam/\\ud800"]}', 'application/json')).status).toBe(400)
  })

  it('refuses values of a wrong type and names each place', async () => {
    const response = await json({ paths: [one, 7, null, { a: 1 }], excludedPaths: true })
    expect(response.status).toBe(400)
    const problem = (await response.json()) as { errors: { pointer: string }[] }
    expect(problem.errors.map(({ pointer }) => pointer)).toEqual(['/paths/1', '/paths/2', '/paths/3', '/excludedPaths'])
  })

  it('refuses a body that is no object', async () => {
    for (const body of [[one], one, 7, null, true]) expect((await json(body)).status, JSON.stringify(body)).toBe(400)
  })

  it('refuses a request without a path', async () => {
    for (const body of [{}, { paths: [] }, { paths: null }, { excludedPaths: [one] }]) {
      const response = await json(body)
      expect(response.status).toBe(400)
      expect(((await response.json()) as { code: string }).code).toBe('ASSAY-PATH-MISSING')
    }
    expect((await post(null, null)).status).toBe(400)
    expect((await json({ paths: [''] })).status).toBe(400)
  })

  it('refuses unreadable JSON and says where', async () => {
    const response = await post('{"paths": ["/content/dam/a",]}', 'application/json')
    expect(response.status).toBe(400)
    const problem = (await response.json()) as { code: string; detail: string }
    expect(problem.code).toBe('ASSAY-MALFORMED-JSON')
    expect(problem.detail).toMatch(/line 1, column 29\b/)
  })

  it('ignores keys that it does not know, of the prototype too', async () => {
    expect(await listed(json({ paths: [one], more: { a: 1 }, constructor: 'x' }))).toEqual([`${one}/x.dita`])
    expect((await post(`{"paths":"${one}","__proto__":{"excludedPaths":"${one}"}}`, 'application/json')).status).toBe(400)
  })

  it('takes 10,000 paths and 10,000 exclusions and refuses one more', async () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `/content/dam/none/${index}`)
    expect(await listed(json({ paths: names(10_000), excludedPaths: names(10_000) }))).toEqual([])
    for (const body of [{ paths: names(10_001) }, { paths: [one], excludedPaths: names(10_001) }]) {
      const response = await json(body)
      expect(response.status).toBe(400)
      expect(((await response.json()) as { code: string }).code).toBe('ASSAY-TOO-MANY-PATHS')
    }
  })

  it('takes 4 MiB of body and answers 413 to more', async () => {
    const padded = (bytes: number) => JSON.stringify({ paths: [one] }).padEnd(bytes, ' ')
    expect(await listed(post(padded(4 * 1024 * 1024), 'application/json'))).toEqual([`${one}/x.dita`])
    expect((await post(padded(4 * 1024 * 1024 + 1), 'application/json')).status).toBe(413)
  })

  it('answers 415 to what is none of the forms', async () => {
    const response = await post('<paths/>', 'application/xml')
    expect(response.status).toBe(415)
    expect(response.headers.get('accept-post')).toContain('application/json')
  })
})
