import { expect, test } from 'vitest'
import { ClientError, createClient } from '../../src/client/index.ts'
import { retryAfterMs } from '../../src/client/retry-after.ts'
import { readTar } from '../../src/http/input/tar/read-tar.ts'
import { type ScriptedAnswer, type SeenRequest, startOtherSide } from './other-side.ts'

const receipt = { path: '/content/dam/a.dita', uuid: 'GUID-1', revision: 2, outcome: 'updated' }

async function kindOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'no error',
    (error: unknown) => (error instanceof ClientError ? error.kind : String(error)),
  )
}

test('an upload survives a 503 and a broken connection, with the same bytes each time', async () => {
  const script: ScriptedAnswer[] = [{ status: 503, headers: { 'retry-after': '0' } }, 'cut', { status: 200, body: receipt }]
  await using side = await startOtherSide((_, index) => script[index] ?? 'cut')
  const client = createClient({ url: side.url, credential: { token: 't' } })
  expect(await client.putAsset('/content/dam/a.dita', new Blob(['<topic/>']), {})).toEqual(receipt)
  expect(side.seen.map(({ body, headers }) => [body, headers['content-length'], headers.authorization])).toEqual(
    Array(3).fill(['<topic/>', '8', 'Bearer t']),
  )
})

test('a stream is sent once: it cannot be sent again', async () => {
  await using side = await startOtherSide(() => ({ status: 503, headers: { 'retry-after': '0' } }))
  const client = createClient({ url: side.url, credential: 'none' })
  const body = ReadableStream.from([new TextEncoder().encode('<topic/>')]) as ReadableStream<Uint8Array>
  expect(await kindOf(client.putAsset('/content/dam/a.dita', body, {}))).toBe('server')
  expect(side.seen.map((each) => each.body)).toEqual(['<topic/>'])
})

test('a token is asked for once: a second one would be left behind', async () => {
  await using side = await startOtherSide(() => 'cut')
  const client = createClient({ url: side.url, credential: 'none' })
  expect(await kindOf(client.createToken({ name: 'x', scopes: ['read'] }))).toBe('unreachable')
  expect(side.seen).toHaveLength(1)
})

test('what is gone when its removal is repeated was removed by the try whose answer was lost', async () => {
  const script: ScriptedAnswer[] = ['cut', { status: 404 }, { status: 404 }]
  await using side = await startOtherSide((_, index) => script[index] ?? 'cut')
  const client = createClient({ url: side.url, credential: 'none' })
  await client.removeWebhook('w')
  expect(await kindOf(client.removeWebhook('w'))).toBe('not-found')
})

test('where nobody listens, that is told at once', async () => {
  const side = await startOtherSide(() => 'cut')
  await side[Symbol.asyncDispose]()
  const startedAt = performance.now()
  expect(await kindOf(createClient({ url: side.url, credential: 'none' }).removeAsset('/content/dam/a'))).toBe('unreachable')
  expect(performance.now() - startedAt).toBeLessThan(3000)
})

test('every name stays one segment and is encoded once', async () => {
  await using side = await startOtherSide(() => ({ body: receipt }))
  const path = '/content/dam/100%/a b[1]?#;ü/😀+&=,.dita'
  await createClient({ url: side.url, credential: 'none' }).putAsset(path, new Uint8Array(0), {})
  const target = side.seen[0]?.url ?? ''
  expect(target.split('/').map(decodeURIComponent).join('/')).toBe(path)
  expect(target).not.toMatch(/[?#[\]]/)
  expect(side.seen[0]?.headers.authorization).toBeUndefined()
})

test('small files go together, whatever their names, and each is told what became of it', async () => {
  const names = ['a.dita', 'deep/ü😀 b;c,d=e.dita', "it's 100%25.png", 'a"b\nc']
  const outcomes = names.map((name) => ({ name, outcome: 'created' }))
  await using side = await startOtherSide(() => ({ body: { files: outcomes } }))
  const client = createClient({ url: side.url, credential: 'none' })
  const files = names.map((name, index) => ({ name, bytes: new TextEncoder().encode(`--${index}\r\n`) }))
  expect(await client.importAssets('/content/dam/x', files)).toEqual(outcomes)
  const [{ url, body, headers }] = side.seen as [SeenRequest]
  expect(new URL(url, side.url).searchParams.get('target')).toBe('/content/dam/x')
  expect(headers['content-type']).toBe('application/x-tar')
  const sent: [string, string][] = []
  for await (const { name, content } of readTar(ReadableStream.from([Buffer.from(body)]))) sent.push([name, String(content)])
  expect(sent).toEqual(names.map((name, index) => [name, `--${index}\r\n`]))
})

test('a server that has no imports says so, one that answers nonsense is not believed', async () => {
  await using side = await startOtherSide((_, index) => (index === 0 ? { status: 404 } : { body: { files: [] } }))
  const client = createClient({ url: side.url, credential: 'none' })
  const files = [{ name: 'a', bytes: new Uint8Array(0) }]
  expect(await client.importAssets('/content/dam', files)).toBeUndefined()
  expect(await client.importAssets('/content/dam', files)).toBeUndefined()
})

test('removing tells whether there was anything', async () => {
  await using side = await startOtherSide((_, index) => (index === 0 ? { status: 204 } : { status: 404 }))
  const client = createClient({ url: side.url, credential: 'none' })
  expect([await client.removeAsset('/content/dam/a'), await client.removeAsset('/content/dam/a')]).toEqual([true, false])
})

test.each<[string, ScriptedAnswer]>([
  ['404', { status: 404, body: 'Not found' }],
  ['405', { status: 405 }],
  ['a page', { body: '<html></html>' }],
])('a server without explanations (%s) gives undefined', async (_, scripted) => {
  await using side = await startOtherSide(() => scripted)
  const client = createClient({ url: side.url, credential: 'none' })
  expect(await client.explain('/content/dam/a.dita')).toBeUndefined()
  expect(await client.listAssets('/content/dam')).toBeUndefined()
})

test('an asset that does not exist is an error, not a server without explanations', async () => {
  await using side = await startOtherSide(() => ({
    status: 404,
    body: { code: 'ASSAY-ASSET-NOT-FOUND', detail: 'There is no such asset.' },
  }))
  expect(await kindOf(createClient({ url: side.url, credential: 'none' }).explain('/content/dam/a.dita'))).toBe('not-found')
})

test('a listing is read line by line', async () => {
  const lines = '{"path":"/content/dam/a"}\n{"path":"/content/dam/b"}\n'
  await using side = await startOtherSide(() => ({ headers: { 'content-type': 'application/x-ndjson; charset=utf-8' }, body: lines }))
  const assets = await createClient({ url: side.url, credential: 'none' }).listAssets('/content/dam')
  expect(assets?.map(({ path }) => path)).toEqual(['/content/dam/a', '/content/dam/b'])
})

test.each([
  ['2', 2000],
  ['0', 0],
  ['9999', 60_000],
  ['Wed, 21 Oct 2026 07:28:05 GMT', 5000],
  ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
  ['soon', null],
  ['', null],
])('Retry-After: %s is %s ms', (value, expected) => {
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT')
  expect(retryAfterMs(new Headers(value === '' ? {} : { 'retry-after': value }), now)).toBe(expected)
})
