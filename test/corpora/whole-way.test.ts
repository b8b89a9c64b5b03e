/** Real sets, imported with the command line into a real server: everything settles, and references stand as an independent resolver found. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runAssay } from '../cli/run-assay.ts'
import { adobeClients, uploadFolder } from '../support/adobe-upload.ts'
import { type AssayApi, apiOf, type Detail, encodePath, eventually, type OutgoingReference } from '../support/assay-api.ts'
import { type AssayServer, startAssay } from '../support/assay-server.ts'

interface ExpectedSet {
  readonly files: Readonly<Record<string, { readonly directRefs: Readonly<Record<string, number>> }>>
}

const corpora = process.env.ASSAY_CORPORA
const root = join(corpora ?? '', 'real-small')
const sets = corpora === undefined ? [] : readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())

/** What the oracle calls the state of a direct reference; `null` for what is no direct reference. */
function statusOf({ state, value }: OutgoingReference): string | null {
  if (state === 'key' || state === 'name') return null
  if (state === 'peer') return 'scope-peer'
  if (state === 'external') return /^https?:/.test(value) ? 'uri:http' : state
  if (['REF_FRAGMENT_MISSING', 'CONREF_UNRESOLVED', 'CONREF_RANGE'].includes(state)) return 'missing-fragment'
  return state
}

function countStates(detail: Detail): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const reference of detail.references.out) {
    const status = statusOf(reference)
    if (status !== null) counts[status] = (counts[status] ?? 0) + 1
  }
  return counts
}

describe.skipIf(corpora === undefined)('real sets', () => {
  let server: AssayServer
  let api: AssayApi
  let password: string
  beforeAll(async () => {
    server = await startAssay()
    api = apiOf(server)
    password = Buffer.from(server.authorization.split(' ')[1]!, 'base64').toString().slice('admin:'.length)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  const run = (...argv: string[]) => runAssay(argv, { settings: { ASSAY_URL: server.url, ASSAY_USER: 'admin', ASSAY_PASSWORD: password } })
  const readExpected = (name: string) => JSON.parse(readFileSync(join(root, `${name}.expected-refs.json`), 'utf8')) as ExpectedSet

  test.each(sets.map(({ name }) => name))('%s is imported, succeeds, and has the references that it should have', async (name) => {
    const target = `/content/dam/${name}`
    const imported = await run('import', join(root, name), target)
    expect([imported.code, imported.err]).toEqual([0, expect.any(String)])
    const list = await api.settled([target], 60_000)
    expect(list.filter(({ status }) => status !== 'SUCCESS')).toEqual([])
    const { files } = readExpected(name)
    for (const [file, { directRefs }] of Object.entries(files)) {
      // References are looked at again when their targets have come, a moment after all have settled.
      await eventually(
        () => api.detail(`${target}/${file}`),
        (detail) => JSON.stringify(sorted(countStates(detail))) === JSON.stringify(sorted(directRefs)),
      )
    }
    expect((await run('import', join(root, name), target)).out).toMatch(/0 created\D+0 updated/)
    expect((await run('status', target)).code).toBe(0)
  })

  test.each(adobeClients)('all sets, uploaded by %s, are there byte for byte and succeed', { timeout: 300_000 }, async (client) => {
    const target = `/content/dam/${client.replace(/\W/g, '')}`
    for (const { name } of sets) await uploadFolder(server, target, join(root, name), { client })
    const files = sets.flatMap(({ name }) => filesOf(join(root, name)).map((file) => `${name}/${file}`))
    const sent = new Map(files.map((file) => [`${target}/${asUploaded(file)}`, join(root, file)]))
    const list = await api.settled([target], 120_000)
    expect(list.map(({ path, status }) => [path, status])).toEqual([...sent.keys()].sort().map((path) => [path, 'SUCCESS']))
    for (const [path, file] of sent) {
      const stored = await api.send(encodePath(path))
      expect(Buffer.from(await stored.arrayBuffer()).equals(readFileSync(file)), path).toBe(true)
    }
  })

  test('targets that go, come back and change take their referrers along', async () => {
    const folder = '/content/dam/thunderbird-keys'
    const items = (await (await api.send(`/api/v1/assets?folder=${folder}&type=DITATOPIC&limit=1000`)).json()) as { items: Detail[] }
    const details = await Promise.all(items.items.map(({ path }) => api.detail(path)))
    const target = details.reduce((most, detail) => (detail.references.in.length > most.references.in.length ? detail : most))
    const referrers = target.references.in.map(({ path }) => path)
    expect(referrers.length).toBeGreaterThan(0)
    const statesOf = async () =>
      (await Promise.all(referrers.map((path) => api.detail(path)))).flatMap(({ references, revision }) =>
        references.out.filter((reference) => reference.target === target.path).map(({ state }) => `${revision} ${state}`),
      )
    const before = await statesOf()
    const content = Buffer.from(await (await api.send(encodeURI(target.path))).arrayBuffer())
    await api.remove(target.path)
    const gone = await eventually(statesOf, (states) => states.every((state) => /^1 (REF_TARGET_MISSING|CONREF_UNRESOLVED)$/.test(state)))
    expect(gone).toHaveLength(before.length)
    await api.upload(target.path, '<topic id="another"><title>Another</title></topic>')
    await eventually(statesOf, (states) => !states.some((state) => /TARGET_MISSING|waiting/.test(state)))
    await api.upload(target.path, content)
    await eventually(statesOf, (states) => JSON.stringify(states) === JSON.stringify(before))
  })
})

function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
  return entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

/** The client makes small letters of folders, and only of them. */
function asUploaded(file: string): string {
  const segments = file.split('/')
  return [...segments.slice(0, -1).map((segment) => segment.toLowerCase()), segments.at(-1)].join('/')
}

function sorted(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))
}
