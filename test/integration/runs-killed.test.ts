import { afterEach, expect, it } from 'vitest'
import { type AssayApi, apiOf, eventually, topic } from '../support/assay-api.ts'
import { type AssayServer, startAssay } from '../support/assay-server.ts'
import { createDatabase, createDataDirectory, engines } from '../support/test-database.ts'

interface Run {
  readonly id: string
  readonly status: string
  readonly finishedAt: string | null
  readonly progress: { readonly total: number | null; readonly taken: number; readonly done: number; readonly succeeded: number }
}

const folder = '/content/dam/killed'
/** Two batches of a run. */
const assets = 800

let opened = new AsyncDisposableStack()
afterEach(async () => {
  await opened.disposeAsync()
  opened = new AsyncDisposableStack()
})

it.each(engines)('a run whose server is killed goes on by itself, and is whole in the end (%s)', async (engine) => {
  const directory = opened.use(await createDataDirectory())
  const place = { dataDirectory: directory.path, ...(engine === 'postgres' && { databaseUrl: await createDatabase() }) }
  const start = async (): Promise<{ server: AssayServer; api: AssayApi }> => {
    const server = opened.use(await startAssay(place))
    return { server, api: apiOf(server) }
  }
  const before = await start()
  await importTopics(before.api)
  await before.api.settled([folder], 60_000)
  const response = await before.api.send('/api/v1/runs', { method: 'POST', body: JSON.stringify({ path: folder }), headers: json })
  const { id } = (await response.json()) as Run
  const read = async (api: AssayApi) => (await (await api.send(`/api/v1/runs/${id}`)).json()) as Run
  const atDeath = await eventually(
    () => read(before.api),
    ({ progress }) => progress.taken > 0,
  )
  await before.server.kill('SIGKILL')
  expect(atDeath.finishedAt).toBeNull()
  const { api } = await start()
  const run = await eventually(
    () => read(api),
    ({ finishedAt }) => finishedAt !== null,
    60_000,
  )
  expect(run).toMatchObject({ status: 'SUCCESS', progress: { total: assets, taken: assets, done: assets, succeeded: assets } })
  const list = await api.collect([folder])
  expect(list.filter(({ status }) => status !== 'SUCCESS')).toEqual([])
})

const json = { 'content-type': 'application/json' }

async function importTopics(api: AssayApi): Promise<void> {
  for (let at = 0; at < assets; at += 400) {
    const form = new FormData()
    form.set('target', folder)
    for (let index = at; index < at + 400; index++) form.append('file', new Blob([topic(`Topic ${index}`)]), `${index % 20}/${index}.dita`)
    const response = await api.send('/bin/guides/v1/asset/import', { method: 'POST', body: form })
    if (!response.ok) throw new Error(`An import answered ${response.status}: ${await response.text()}`)
  }
}
