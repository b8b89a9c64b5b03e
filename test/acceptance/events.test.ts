import { once } from 'node:events'
import { EventSource } from 'eventsource'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AssayApi, apiOf, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'
import { engines } from '../support/test-database.ts'

interface Happened {
  readonly id: string
  readonly type: string
  readonly path: string
  readonly status?: string
}
interface Feed {
  readonly items: readonly Happened[]
  readonly nextCursor: string
}

describe.each(engines)('events (%s)', (engine) => {
  let server: SharedAssay
  let api: AssayApi
  beforeAll(async () => {
    server = await sharedAssay(engine)
    api = apiOf(server)
  })

  const feed = async (query: string, headers: Record<string, string> = {}): Promise<Feed> => {
    const response = await api.send(`/api/v1/events?${query}`, { headers })
    expect(response.status).toBe(200)
    return (await response.json()) as Feed
  }
  const change = async (folder: string) => {
    await api.upload(`${folder}/good.dita`, topic('Good'))
    await api.upload(`${folder}/broken.dita`, '<topic id="x"><title>Never <b>closed</title></topic>')
    await api.settled([folder])
    await api.remove(`${folder}/good.dita`)
  }
  const told = (events: readonly Happened[]) => events.map(({ type, path, status = '' }) => `${type} ${path} ${status}`.trim())

  it('are told in a feed, which holds the answer until there is something', async () => {
    const folder = api.folder('events')
    const { nextCursor } = await feed('after=latest')
    const waiting = feed(`after=${nextCursor}&path=${folder}`, { prefer: 'wait=30' })
    await change(folder)
    expect(told((await waiting).items)[0]).toBe(`assay.asset.received ${folder}/good.dita`)
    const { items } = await feed(`after=${nextCursor}&path=${folder}`)
    expect(told(items).toSorted()).toEqual([
      `assay.asset.deleted ${folder}/good.dita`,
      `assay.asset.processed ${folder}/broken.dita FAILURE`,
      `assay.asset.processed ${folder}/good.dita SUCCESS`,
      `assay.asset.received ${folder}/broken.dita`,
      `assay.asset.received ${folder}/good.dita`,
    ])
    const failed = await feed(`after=${nextCursor}&path=${folder}/broken.dita&type=assay.asset.processed`)
    expect(failed.items).toEqual(items.filter(({ status }) => status === 'FAILURE'))
  })

  it('are streamed as they happen, and from where a reader was', async () => {
    const folder = api.folder('events')
    const address = `${server.url}/api/v1/events/stream?path=${folder}`
    const live = follow(address, { authorization: server.authorization })
    await live.opened
    await change(folder)
    const all = await live.events(5)
    expect(all).toEqual((await feed(`after=oldest&path=${folder}`)).items)
    const later = follow(address, { authorization: server.authorization, 'last-event-id': all[1]!.id })
    expect(await later.events(3)).toEqual(all.slice(2))
  })
})

/** A stream as the usual library reads it. */
function follow(address: string, headers: Record<string, string>) {
  const source = new EventSource(address, { fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }) })
  const seen: Happened[] = []
  source.onmessage = ({ data, lastEventId }) => {
    const event = JSON.parse(data) as Happened
    expect(event.id).toBe(lastEventId)
    seen.push(event)
  }
  return {
    opened: once(source, 'open'),
    /** All events, as soon as there are so many. */
    async events(count: number): Promise<Happened[]> {
      await expect.poll(() => seen.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count)
      source.close()
      return seen
    },
  }
}
