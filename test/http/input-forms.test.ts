import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import { type HttpHarness, startHttpHarness } from './http-harness.ts'

const target = '/bin/guides/v1/assets/status'
let http: HttpHarness

beforeAll(async () => {
  http = await startHttpHarness()
}, 60_000)
afterAll(() => http[Symbol.asyncDispose]())

interface Sent {
  readonly included: readonly string[]
  readonly excluded: readonly string[]
}

/** What the server understood. */
async function order(init: RequestInit, query = ''): Promise<Sent> {
  const response = await http.fetch(target + query, { method: 'POST', ...init })
  const text = await response.text()
  expect(response.status, text).toBe(200)
  const { jobId } = JSON.parse(text)
  return http.database.kysely
    .selectFrom('assay.status_job')
    .where('id', '=', jobId)
    .select(['included', 'excluded'])
    .executeTakeFirstOrThrow()
}

async function refusal(init: RequestInit, query = ''): Promise<{ status: number; code: string; detail: string; errors?: unknown }> {
  const response = await http.fetch(target + query, { method: 'POST', ...init })
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return (await response.json()) as { status: number; code: string; detail: string }
}

function pairsOf({ included, excluded }: Sent): [string, string][] {
  return [
    ...included.map((path): [string, string] => ['paths', path]),
    ...excluded.map((path): [string, string] => ['excludedPaths', path]),
  ]
}

function encodePairs(sent: Sent): string {
  return pairsOf(sent)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}

function multipart(sent: Sent): FormData {
  const form = new FormData()
  for (const [name, value] of pairsOf(sent)) form.append(name, value)
  return form
}

function multipartText(sent: Sent): string {
  const parts = pairsOf(sent).map(([name, value]) => `--xyz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  return `${parts.join('')}--xyz--\r\n`
}

const json = (sent: Sent) => JSON.stringify({ paths: sent.included, excludedPaths: sent.excluded })
const typed = (type: string) => ({ headers: { 'content-type': type } })

/** Each way to say the same thing, also under a Content-Type that does not fit. */
const forms: Record<string, (sent: Sent) => [RequestInit, string?]> = {
  JSON: (sent) => [{ body: json(sent), ...typed('application/json') }],
  'JSON with a byte order mark': (sent) => [{ body: `\uFEFF${json(sent)}`, ...typed('application/json; charset=utf-8') }],
  'JSON as curl -d announces it': (sent) => [{ body: json(sent), ...typed('application/x-www-form-urlencoded') }],
  'JSON as text': (sent) => [{ body: ` \n${json(sent)}`, ...typed('text/plain') }],
  'JSON as a malformed type': (sent) => [{ body: json(sent), ...typed('json') }],
  'JSON as bytes': (sent) => [{ body: json(sent), ...typed('application/octet-stream') }],
  'JSON as multipart': (sent) => [{ body: json(sent), ...typed('multipart/form-data; boundary=xyz') }],
  'JSON as multipart without a boundary': (sent) => [{ body: json(sent), ...typed('multipart/form-data') }],
  form: (sent) => [{ body: encodePairs(sent), ...typed('application/x-www-form-urlencoded') }],
  'form as JSON': (sent) => [{ body: encodePairs(sent), ...typed('application/json') }],
  'form without a type': (sent) => [{ body: new Blob([encodePairs(sent)]) }],
  'form as multipart': (sent) => [{ body: encodePairs(sent), ...typed('multipart/form-data; boundary=xyz') }],
  'form as PHP names its fields': (sent) => [{ body: encodePairs(sent).replaceAll('=', '[]=').replaceAll('s[]=', '%5B%5D=') }],
  multipart: (sent) => [{ body: multipart(sent) }],
  'multipart as JSON': (sent) => [{ body: multipartText(sent), ...typed('application/json') }],
  query: (sent) => [{}, `?${encodePairs(sent)}`],
  'query and body together': (sent) => [
    { body: json({ included: sent.included, excluded: [] }), ...typed('application/json') },
    `?${encodePairs({ included: [], excluded: sent.excluded })}`,
  ],
}

const segment = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => !/[/\u0000-\u001f\u007f-\u009f]/.test(text) && text.trim() === text && text !== '.' && text !== '..')
const path = fc.array(fc.oneof(segment, fc.constantFrom('a,b', 'c+d', 'e%20f', '100%', 'g&h=i', 'j;k', '#l?')), {
  minLength: 1,
  maxLength: 4,
})
const sent = fc.record({
  included: fc.array(
    path.map((parts) => `/${parts.join('/')}`),
    { minLength: 1, maxLength: 4 },
  ),
  excluded: fc.array(
    path.map((parts) => `/${parts.join('/')}`),
    { maxLength: 3 },
  ),
})

describe('every form says the same', () => {
  it.each(Object.entries(forms))('%s', async (_name, form) => {
    await fc.assert(
      fc.asyncProperty(sent, async (given) => {
        const expected = { included: given.included.map(parseAssetPath), excluded: given.excluded.map(parseAssetPath) }
        expect(await order(...form(given))).toEqual(expected)
      }),
      { numRuns: 15 },
    )
  })

  it('takes path and paths, each as a string or an array, together', async () => {
    const body = JSON.stringify({ path: '/content/a', paths: ['content/b/', '//content//c'], excludedPaths: '/content/a/x' })
    expect(await order({ body, ...typed('application/json') })).toEqual({
      included: ['/content/b', '/content/c', '/content/a'],
      excluded: ['/content/a/x'],
    })
  })

  it('takes null and empty form fields for absent', async () => {
    const body = JSON.stringify({ path: null, paths: ['/content/a'], excludedPaths: null, note: 1 })
    expect(await order({ body, ...typed('application/json') })).toEqual({ included: ['/content/a'], excluded: [] })
    expect(await order({ body: 'paths=/content/a&excludedPaths=' })).toEqual({ included: ['/content/a'], excluded: [] })
  })

  it('decodes forms and queries once, JSON never', async () => {
    expect(await order({ body: 'paths=/content/a%2520b+c' })).toMatchObject({ included: ['/content/a%20b c'] })
    expect(await order({}, '?paths=/content/a%2520b')).toMatchObject({ included: ['/content/a%20b'] })
    expect(await order({ body: '{"paths":"/content/a%20b"}' })).toMatchObject({ included: ['/content/a%20b'] })
  })
})

describe('what is wrong is told', () => {
  it.each([
    ['{}', 'ASSAY-PATH-MISSING'],
    ['{"paths":[]}', 'ASSAY-PATH-MISSING'],
    ['{"excludedPaths":["/a"]}', 'ASSAY-PATH-MISSING'],
    ['', 'ASSAY-PATH-MISSING'],
    ['[]', 'ASSAY-INVALID-INPUT'],
    ['["/content/dam"]', 'ASSAY-INVALID-INPUT'],
    ['{"paths":5}', 'ASSAY-INVALID-INPUT'],
    ['{"paths":[null]}', 'ASSAY-INVALID-INPUT'],
    ['{"paths":{"a":1}}', 'ASSAY-INVALID-INPUT'],
    ['{"paths":"/a","__proto__":{}}', 'ASSAY-MALFORMED-JSON'],
    ['{"paths":"/a","x":{"constructor":{"prototype":{}}}}', 'ASSAY-MALFORMED-JSON'],
    ['{"paths":"/a","\\u005f_proto__":{}}', 'ASSAY-MALFORMED-JSON'],
    [`{"paths":"/a","x":${'['.repeat(40)}${']'.repeat(40)}}`, 'ASSAY-MALFORMED-JSON'],
    ['{"paths":["/a"', 'ASSAY-MALFORMED-JSON'],
    ['{"paths":[""]}', 'ASSAY-INVALID-PATH'],
    ['{"paths":["/a/../b"]}', 'ASSAY-INVALID-PATH'],
    ['{"paths":["/a\\u0000"]}', 'ASSAY-INVALID-PATH'],
    ['{"paths":["\\ud800"]}', 'ASSAY-INVALID-PATH'],
    ['paths=%ff', 'ASSAY-MALFORMED-BODY'],
    ['paths=%', 'ASSAY-MALFORMED-BODY'],
  ])('%j: %s', async (body, code) => {
    expect(await refusal({ body, ...typed('application/json') })).toMatchObject({ status: 400, code })
  })

  it('names each wrong value by a JSON pointer', async () => {
    const body = JSON.stringify({ paths: ['/a', 7, '/b/..'], path: '..', excludedPaths: ['/c', '/d\n'] })
    const { errors } = await refusal({ body, ...typed('application/json') })
    expect(errors).toMatchObject([{ pointer: '/paths/1' }, { pointer: '/paths/2' }, { pointer: '/path' }])
  })

  it('says where JSON breaks off', async () => {
    const { detail } = await refusal({ body: '{"paths":\n  ["/a",]}', ...typed('application/json') })
    expect(detail).toContain('line 2, column 9')
  })

  it('refuses other media types, compression and too much', async () => {
    expect(await refusal({ body: '<paths/>', ...typed('application/xml') })).toMatchObject({ status: 415 })
    const compressed = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    expect(await refusal({ body: '{"paths":"/a"}', headers: compressed })).toMatchObject({ status: 415 })
    expect(await refusal({ body: `{"paths":"${'a'.repeat(5 * 1024 * 1024)}"}` })).toMatchObject({
      status: 413,
      code: 'ASSAY-BODY-TOO-LARGE',
    })
    const many = JSON.stringify({ paths: Array.from({ length: 10_001 }, (_, index) => `/content/dam/${index}`) })
    expect(await refusal({ body: many })).toMatchObject({ status: 400, code: 'ASSAY-TOO-MANY-PATHS' })
  })

  it('answers nonsense with 4xx, never with a fault', async () => {
    const types = fc.constantFrom('application/json', 'multipart/form-data', 'multipart/form-data; boundary=x', 'text/plain', '; ;', 'a/b')
    const nonsense = fc.oneof(
      fc.string(),
      fc.json(),
      fc.string().map((text) => `--x\r\nContent-Disposition: form-data; name="paths"\r\n\r\n${text}`),
    )
    await fc.assert(
      fc.asyncProperty(types, nonsense, async (type, body) => {
        const response = await http.fetch(target, { method: 'POST', body, ...typed(type) })
        await response.text()
        expect([200, 400, 415]).toContain(response.status)
      }),
      { numRuns: 150 },
    )
  })
})
