import { apiOf, type Listed, topic } from '../support/assay-api.ts'
import type { AssayServer } from '../support/assay-server.ts'
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts'
import type { Found, History } from './history.ts'

interface Client {
  readonly folder: string
  readonly random: SeededRandom
}

/** Clients with a folder and random numbers of their own each. */
export function createClients(root: string, count: number, random: SeededRandom): readonly Client[] {
  const seeds = Array.from({ length: count }, () => random.integer(0, 2 ** 32 - 1))
  return seeds.map((seed, index) => ({ folder: `${root}/${index}`, random: seededRandom('', seed) }))
}

let titles = 0

/** Parallel clients that upload, replace, remove and import until the server is gone or `stop` fires. Settles when all have ended. */
export async function runClients(server: AssayServer, history: History, clients: readonly Client[], stop: AbortSignal): Promise<void> {
  await Promise.all(clients.map((client) => runClient(server, history, client, stop)))
}

async function runClient(server: AssayServer, history: History, { folder, random }: Client, stop: AbortSignal): Promise<void> {
  const api = apiOf(server)
  const removeOne = async (path: string) => {
    const operation = history.remove(path)
    const response = await api.remove(path)
    // What is not there is gone as well.
    if (response.ok || response.status === 404) operation.succeeded()
    return requireExpected(response.status)
  }
  const uploadOne = async (path: string) => {
    const title = `Title ${++titles}`
    const operation = history.put(path, title)
    const response = await api.put(path, topic(title, body(random)))
    if (response.ok) operation.succeeded(((await response.json()) as { uuid: string }).uuid)
    return requireExpected(response.status)
  }
  const importSome = async () => {
    const form = new FormData()
    form.append('target', folder)
    const first = random.integer(0, 35)
    const operations = [0, 1, 2, 3, 4].map((index) => {
      const title = `Title ${++titles}`
      const name = `${first + index}.dita`
      form.append('file', new Blob([topic(title, body(random))]), name)
      return history.put(`${folder}/${name}`, title)
    })
    const response = await api.send('/bin/guides/v1/asset/import', { method: 'POST', body: form })
    if (!response.ok) return requireExpected(response.status)
    const { files } = (await response.json()) as { files: { uuid: string }[] }
    for (const [index, operation] of operations.entries()) operation.succeeded(files[index]!.uuid)
  }
  while (!stop.aborted) {
    const path = `${folder}/${random.integer(0, 40)}.dita`
    const kind = random.integer(1, 100)
    try {
      await (kind <= 15 ? removeOne(path) : kind <= 30 ? importSome() : uploadOne(path))
    } catch (error) {
      // The connection broke: that is the end of this server. Anything else is a fault of the test.
      if (error instanceof TypeError) return
      throw error
    }
  }
}

/** While a database is away or a server stops, 503 is right; the operation may have happened all the same. */
function requireExpected(status: number): void {
  if (status >= 400 && status !== 404 && status !== 503) throw new Error(`An operation was answered with ${status}.`)
}

/** Small, and sometimes so large that it is no longer kept in the database. */
function body(random: SeededRandom): string {
  return `<p>${'x'.repeat(random.chance(0.05) ? 200_000 : random.integer(0, 2000))}</p>`
}

/** Reads what is at these paths and tells the history. */
export async function observePaths(server: AssayServer, history: History, paths: readonly string[]): Promise<void> {
  for (const path of paths) history.observe(path, await readOriginal(server, path))
}

async function readOriginal(server: AssayServer, path: string): Promise<Pick<Found, 'title' | 'uuid'> | null> {
  const response = await apiOf(server).send(path)
  if (response.status === 404) return null
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}.`)
  const title = /<title>([^<]*)/.exec(await response.text())?.[1] ?? ''
  return { title, uuid: response.headers.get('x-asset-uuid')! }
}

/** Everything below a folder, once all of it is settled. Rejects when the channels disagree. */
export async function readEverything(server: AssayServer, folder: string): Promise<readonly Found[]> {
  const api = apiOf(server)
  const listed = await api.settled([folder], 60_000)
  const response = await api.send(`/api/v1/assets?folder=${folder}`, { headers: { accept: 'application/x-ndjson' } })
  const lines = (await response.text()).split('\n').filter(Boolean)
  const assets = lines.map((line) => JSON.parse(line) as Listed & { title: string | null })
  const pick = ({ path, uuid, status }: Listed) => `${path} ${uuid} ${status}`
  if (assets.map(pick).join('\n') !== listed.map(pick).join('\n')) throw new Error('The status list and the list of assets differ.')
  const all: Found[] = []
  for (const { path, uuid, status, title: processedTitle } of assets) {
    const original = await readOriginal(server, path)
    if (!original) throw new Error(`${path} is listed but has no content.`)
    if (original.uuid !== uuid) throw new Error(`${path} has the UUIDs ${uuid} and ${original.uuid}.`)
    all.push({ path, uuid: uuid!, status, processedTitle, title: original.title })
  }
  return all
}
