import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWithoutDirectUpload } from '../support/adobe-proxy.ts'
import { type AdobeResult, adobeClients, uploadFiles, uploadFolder } from '../support/adobe-upload.ts'
import { type AssayApi, apiOf, encodePath, eventually, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay, startAssay } from '../support/assay-server.ts'
import { copyDataDirectory } from '../support/test-database.ts'

/**
 * Adobe's own client against a started server: `ASSAY_TEST_FILES=4000 ASSAY_TEST_LARGE_MIB=250 npx vitest run …` is the long version. The
 * report of the client is no proof (it loses names, and counts what was refused), so the status API is asked what is there.
 */
const fileCount = Number(process.env.ASSAY_TEST_FILES ?? 120)
const largeMiB = Number(process.env.ASSAY_TEST_LARGE_MIB ?? 12)
const miB = 1024 * 1024

/** Characters that the client lets through in names of files. In those of folders it lets fewer through, and no capital letters. */
const names = [
  'b,c.dita',
  'a(1).dita',
  "d'e.dita",
  'h+i.dita',
  'l;m.dita',
  'n@o.dita',
  'p=q.dita',
  'r$s.dita',
  't!u.dita',
  'v w.dita',
  'Überß 名.dita',
  '\u{1F331}.dita',
  'UPPER.DITA',
  'no-ext',
  'two..dots.dita',
]
const folderNames = ['b,c', 'a(1)', "d'e", 'n@o', 'p=q', 'r$s', 't!u', 'überß名', '\u{1F331}']

let server: SharedAssay
let api: AssayApi
let local: string

beforeAll(async () => {
  local = await mkdtemp(join(tmpdir(), 'assay-adobe-'))
  server = await sharedAssay()
  api = apiOf(server)
})
afterAll(() => rm(local, { recursive: true, force: true }))

type Files = Readonly<Record<string, string | Uint8Array>>
let sets = 0

async function write(files: Files): Promise<string> {
  const folder = join(local, `set${++sets}`)
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

async function hashOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of content) hash.update(piece)
  return hash.digest('hex')
}

/** Everything under the folder is exactly what was sent, processed, and byte for byte the same. */
async function expectUploaded(folder: string, files: Files, timeoutMs = 60_000): Promise<void> {
  const list = await api.settled([folder], timeoutMs)
  const told = new Map(list.map(({ path, status }) => [path, status]))
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(Object.keys(files).map((name) => [`${folder}/${name}`, 'SUCCESS'])))
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(await (await api.send(encodePath(`${folder}/${name}`))).arrayBuffer())
    expect(bytes.equals(Buffer.from(content)), name).toBe(true)
  }
}

function expectNoErrors(result: AdobeResult): void {
  expect(result.errors ?? []).toEqual([])
  expect(result.detailedResult.flatMap(({ result: one }) => one?.errors ?? [])).toEqual([])
}

describe.each(adobeClients)('%s', (client) => {
  it('uploads a deep folder with all names that it lets through, and once more over it', async () => {
    const files: Record<string, string | Uint8Array> = { 'images/large.bin': Buffer.alloc(300_000, 'x') }
    for (const name of names) files[name] = topic(`About ${name}`)
    for (const name of folderNames) files[`${name}/x.dita`] = topic(`In ${name}`)
    const target = api.folder("deep, target; +=@$!' (1) Ü")
    const folder = await write(files)
    expectNoErrors(await uploadFolder(server, target, folder, { client }))
    const root = `${target}/${basename(folder)}`
    await expectUploaded(root, files)
    for (const name of names) expect((await api.collect([`${root}/${name}`]))[0], name).toMatchObject({ exists: true, status: 'SUCCESS' })

    const before = await api.detail(`${root}/b,c.dita`)
    await writeFile(join(folder, 'b,c.dita'), topic('Changed'))
    await uploadFolder(server, target, folder, { client })
    await expectUploaded(root, { ...files, 'b,c.dita': topic('Changed') })
    expect(await api.detail(`${root}/b,c.dita`)).toMatchObject({ uuid: before.uuid, revision: 2, title: 'Changed' })
    expect((await api.detail(`${root}/l;m.dita`)).revision).toBe(1)
  })

  it('stores nothing with a wrong password, and says why', async () => {
    const target = api.folder('wrong')
    const authorization = `Basic ${Buffer.from('admin:wrong').toString('base64')}`
    const folder = await write({ 'a.dita': topic('A') })
    const failure = await uploadFolder(server, target, folder, { client, authorization }).catch((error: unknown) => error)
    expect(JSON.stringify(failure) + String(failure)).toMatch(/ENOTAUTHORIZED|401/)
    expect(await api.collect([target])).toEqual([{ path: target, status: 'FAILURE', exists: false }])
  })
})

it('uploads many files of one folder', { timeout: 600_000 }, async () => {
  const files = Object.fromEntries(Array.from({ length: fileCount }, (_, index) => [`t${index}.dita`, topic(`Topic ${index}`)]))
  const target = api.folder('many')
  const folder = await write(files)
  expectNoErrors(await uploadFolder(server, target, folder, { maxFiles: fileCount + 10 }))
  await expectUploaded(`${target}/${basename(folder)}`, files, 600_000)
})

it('uploads a large file, in as many parts as it takes', { timeout: 600_000 }, async () => {
  const target = api.folder('large')
  await api.send(`/api/assets${target.slice('/content/dam'.length)}`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  })
  const piece = randomBytes(miB)
  const filePath = join(local, 'large.bin')
  await writeFile(
    filePath,
    (function* () {
      for (let count = 0; count < largeMiB; count++) yield piece
    })(),
  )
  const file = {
    fileName: 'large file.bin',
    fileSize: largeMiB * miB,
    filePath,
    createVersion: true,
    versionLabel: 'one',
    versionComment: 'ü',
  }
  expectNoErrors(await uploadFiles(server, target, [file]))
  expect(await api.settled([target], 300_000)).toMatchObject([{ path: `${target}/large file.bin`, exists: true }])
  const response = await api.send(encodePath(`${target}/large file.bin`))
  expect(await hashOf(response.body!)).toBe(await hashOf(createReadStream(filePath)))
})

it('uploads by the servlet where there is no direct upload, large files in chunks', async () => {
  await using proxy = await startWithoutDirectUpload(server.url)
  const files: Record<string, string | Uint8Array> = { 'large.bin': randomBytes(25_000_000) }
  for (const name of names) files[name] = topic(`About ${name}`)
  const target = api.folder('servlet, ü')
  const folder = await write(files)
  expectNoErrors(await uploadFolder({ ...server, url: proxy.url }, target, folder))
  expect(proxy.seen.filter((line) => line.endsWith('.createasset.html'))).toHaveLength(names.length + 3)
  await expectUploaded(`${target}/${basename(folder)}`, files)
})

it('has everything there after the server was killed and started again in the middle', { timeout: 120_000 }, async () => {
  const dataDirectory = join(local, 'killed')
  await copyDataDirectory(dataDirectory)
  const first = await startAssay({ dataDirectory })
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`t${index}.dita`, topic(`Topic ${index}`)]))
  const folder = await write(files)
  // The addresses of parts hold the port, so the second server takes the same.
  const environment = { ASSAY_PORT: new URL(first.url).port }
  const uploading = uploadFolder(first, '/content/dam/killed', folder, { retryDelayMs: 250, retryCount: 8 })
  await eventually(
    () => apiOf(first).collect(['/content/dam/killed']),
    (list) => list.length >= 10,
  )
  await first.kill('SIGKILL')
  await using second = await startAssay({ dataDirectory, environment })
  expectNoErrors(await uploading)
  const list = await apiOf(second).settled(['/content/dam/killed'], 60_000)
  expect(list.filter(({ status }) => status === 'SUCCESS')).toHaveLength(40)
})
