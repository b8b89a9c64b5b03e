import { createHash } from 'node:crypto'
import { apiOf, eventually, type JobAnswer, type Listed } from '../support/assay-api.ts'
import type { Target } from './clients.ts'
import type { Found, History } from './history.ts'

const readsAtOnce = 8

/** Reads what is at the paths on which something was done, and tells the history. */
export async function observeTouched(target: Target, history: History): Promise<void> {
  await inParallel(history.touched, async (path) => history.observe(path, await readOriginal(target, path)))
}

/** Everything below a folder, once all of it is settled. Rejects when the channels disagree. */
export async function readEverything(target: Target, folder: string): Promise<readonly Found[]> {
  const api = apiOf(target, true)
  const listed = await api.settled([folder], 60_000)
  const response = await api.send(`/api/v1/assets?folder=${folder}`, { headers: { accept: 'application/x-ndjson' } })
  const lines = (await response.text()).split('\n').filter(Boolean)
  const assets = lines.map((line) => JSON.parse(line) as Listed & { title: string | null })
  const pick = ({ path, uuid, status }: Listed) => `${path} ${uuid} ${status}`
  if (
    assets.map(pick).join('\n') !==
    listed
      .filter(({ exists }) => exists)
      .map(pick)
      .join('\n')
  )
    throw new Error('The status list and the list of assets differ.')
  const all: Found[] = []
  await inParallel(assets, async ({ path, uuid, status, title: processedTitle }) => {
    const original = await readOriginal(target, path)
    if (!original) throw new Error(`${path} is listed but has no content.`)
    if (original.uuid !== uuid) throw new Error(`${path} has the UUIDs ${uuid} and ${original.uuid}.`)
    const reason = status === 'FAILURE' ? (await api.detail(path)).problems.map(({ message }) => message).join(' ') : ''
    all.push({ path, uuid: uuid!, status, processedTitle, title: original.title, reason })
  })
  return all
}

/** Every status job that was begun must come to its end, and what it says then must stay as it is: each is looked at in two calls. */
export async function finishStatusJobs(target: Target, history: History): Promise<void> {
  const api = apiOf(target, true)
  const read = async (id: string) => (await api.poll(id)).text()
  await inParallel([...history.statusJobs], async ([id, known]) => {
    const answer = await eventually(
      () => read(id),
      (text) => (JSON.parse(text) as JobAnswer).status === 'SUCCESS',
      60_000,
    ).catch((error: Error) => `It does not end. ${error.message}`)
    const digest = createHash('sha256').update(answer).digest('hex')
    if (!answer.startsWith('{')) history.violate(`Status job ${id}: ${answer}`)
    else if (known !== null && known !== digest) history.violate(`The list of the status job ${id} has changed: ${answer}`)
    if (known === null) history.statusJobs.set(id, digest)
    else history.statusJobs.delete(id)
  })
}

async function readOriginal(target: Target, path: string): Promise<Pick<Found, 'title' | 'uuid'> | null> {
  const response = await apiOf(target, true).send(path)
  if (response.status === 404) return null
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}.`)
  const title = /<title>([^<]*)/.exec(await response.text())?.[1] ?? ''
  return { title, uuid: response.headers.get('x-asset-uuid')! }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  const one = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: readsAtOnce }, one))
}
