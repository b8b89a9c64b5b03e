import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchWithBytes } from '../../src/cli/fetch-with-bytes.ts'
import { uploadFiles } from '../../src/cli/import/upload-files.ts'
import { walkFolder } from '../../src/cli/import/walk-folder.ts'
import { createClient } from '../../src/client/index.ts'
import { importBufferedFileBytes, importFilesAtOnce, importTogetherBytes } from '../../src/model/client-limits.ts'
import { type SeenRequest, startOtherSide } from '../client/other-side.ts'
import { adminPassword, type HttpHarness, startHttpHarness } from '../http/http-harness.ts'

let http: HttpHarness
beforeAll(async () => {
  http = await startHttpHarness()
}, 60_000)
afterAll(() => http[Symbol.asyncDispose]())

test('of names that differ only in their Unicode form one is sent, and the other fails by name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-upload-'))
  const [decomposed, composed] = ['e\u0301.dita', '\u00e9.dita']
  for (const name of [composed, decomposed, 'other.dita']) await writeFile(join(folder, name), name)
  const client = createClient({ url: http.url, credential: { user: 'admin', password: adminPassword } })
  const importAll = async () => {
    const { files } = walkFolder(folder)
    return await uploadFiles(client, files, { target: '/content/dam/forms', onProgress: () => {} })
  }
  const failed = [{ relative: composed, reason: expect.stringContaining(`its name differs from "${decomposed}" only in its Unicode form`) }]
  expect(await importAll()).toEqual({ created: 2, updated: 0, unchanged: 0, failed })
  expect(await importAll()).toEqual({ created: 0, updated: 0, unchanged: 2, failed })
  const stored = await http.fetch(`/content/dam/forms/${encodeURIComponent(composed)}`)
  expect(await stored.text()).toBe(decomposed)
  await rm(folder, { recursive: true })
})

test('what is large goes alone, what is unreadable fails alone, and an answer to come again is followed with the same bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-upload-'))
  const sizes = {
    'a.dita': 10,
    'b.bin': importTogetherBytes,
    'c.bin': importTogetherBytes + 1,
    'd.bin': importBufferedFileBytes + 1,
    'e.dita': 0,
  }
  for (const [name, size] of Object.entries(sizes)) await writeFile(join(folder, name), name.slice(0, 1).repeat(size))
  for (let index = 0; index < importFilesAtOnce; index++) await writeFile(join(folder, `f${index}.dita`), `f${index}`)
  const { files } = walkFolder(folder)
  const gone = { relative: 'gone.dita', absolute: join(folder, 'gone.dita') }
  const blank = { relative: 'blank ', absolute: join(folder, 'a.dita') }
  const sent: string[] = []
  let refused = false
  const fetch: typeof globalThis.fetch = async (input, init) => {
    sent.push(`${init?.method} ${new URL(String(input)).pathname}`)
    if (!refused && init?.method === 'POST') {
      refused = true
      return new Response('{}', { status: 503, headers: { 'retry-after': '0' } })
    }
    return await fetchWithBytes(input, init)
  }
  const client = createClient({ url: http.url, credential: { user: 'admin', password: adminPassword }, fetch })
  const seen: number[] = []
  const options = { target: '/content/dam/sizes', onProgress: (done: number) => seen.push(done) }
  const failed = [
    { relative: 'gone.dita', reason: 'it is no longer there' },
    { relative: 'blank ', reason: 'its name ends with a blank: rename it' },
  ]
  expect(await uploadFiles(client, [...files, gone, blank], options)).toEqual({ created: files.length, updated: 0, unchanged: 0, failed })
  expect(seen.at(-1)).toBe(files.length + 2)
  expect(sent.filter((each) => each.startsWith('PUT')).sort()).toEqual(['PUT /content/dam/sizes/c.bin', 'PUT /content/dam/sizes/d.bin'])
  for (const [name, size] of Object.entries(sizes)) {
    expect(await (await http.fetch(`/content/dam/sizes/${name}`)).text()).toBe(name.slice(0, 1).repeat(size))
  }
  await writeFile(join(folder, 'f7.dita'), 'other')
  expect(await uploadFiles(client, files, options)).toEqual({ created: 0, updated: 1, unchanged: files.length - 1, failed: [] })
  await rm(folder, { recursive: true })
})

test('where the server takes no archives the files go one by one, and without a credential none does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-upload-'))
  for (const name of ['a.dita', 'b.dita']) await writeFile(join(folder, name), name)
  const { files } = walkFolder(folder)
  const options = { target: '/content/dam/x', onProgress: () => {} }
  const foreign = ({ method, body }: SeenRequest) =>
    method === 'PUT' ? { body: { path: 'p', uuid: 'u', revision: 1, outcome: body === 'a.dita' ? 'created' : 'updated' } } : { status: 404 }
  await using side = await startOtherSide(foreign)
  const clientOf = (url: string) => createClient({ url, credential: 'none', fetch: fetchWithBytes })
  expect(await uploadFiles(clientOf(side.url), files, options)).toEqual({ created: 1, updated: 1, unchanged: 0, failed: [] })
  await using closed = await startOtherSide(({ method }) => (method === 'GET' ? { status: 404 } : { status: 401 }))
  await expect(uploadFiles(clientOf(closed.url), files, options)).rejects.toMatchObject({ kind: 'unauthorised' })
  await rm(folder, { recursive: true })
})
