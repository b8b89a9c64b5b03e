import { once } from 'node:events'
import { request as openRequest } from 'node:http'
import { connect } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type StreamOptions, streamFrames } from '../../src/http/routes/events/stream-frames.ts'
import { withBeats } from '../../src/http/routes/events/with-beats.ts'
import { eventsPerRun, maxStreamsPerIdentity, streamBufferBytes } from '../../src/model/event-limits.ts'
import { createFollowEvents } from '../../src/processing/follow-events.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import { openEventLog } from '../../src/store/event-log.ts'
import { pruneEvents } from '../../src/store/queries/prune-events.ts'
import { writeEvents } from '../../src/store/queries/write-events.ts'
import { engines } from '../support/test-database.ts'
import { admin, type HttpHarness, startHttpHarness } from './http-harness.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

interface Seen {
  readonly id: string
  readonly type: string
  readonly path: string
}
interface Feed {
  readonly items: Seen[]
  readonly nextCursor: string
  readonly hasMore: boolean
}

/** A reader of a stream, as simple as the format allows. */
async function openStream(url: string, headers: Record<string, string> = {}) {
  const closing = new AbortController()
  const response = await fetch(url, { headers: { ...admin, ...headers }, signal: closing.signal })
  const frames = readFrames(response)
  return {
    response,
    /** The next frame that has data. */
    async next(): Promise<{ id: string; event: string; data: Seen & { position: string; oldest: string } }> {
      for (;;) {
        const { value, done } = await frames.next()
        if (done) throw new Error('The stream has ended.')
        const fields = new Map(value.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
        if (fields.has('data')) return { id: fields.get('id')!, event: fields.get('event') ?? '', data: JSON.parse(fields.get('data')!) }
      }
    },
    frames,
    close: () => closing.abort(),
  }
}

async function* readFrames(response: Response): AsyncGenerator<string, undefined> {
  let text = ''
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    text += piece
    const complete = text.split('\n\n')
    text = complete.pop()!
    yield* complete
  }
  return undefined
}

/** Following the log of a database as the server does. */
async function openFollowing(database: DatabaseConnection) {
  const stack = new AsyncDisposableStack()
  const log = stack.use(await openEventLog(database))
  const { follow } = stack.use(createFollowEvents(log))
  return { log, follow, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

describe.each(engines)('events on %s', (engine) => {
  let http: HttpHarness
  let folder = ''
  let folders = 0
  beforeAll(async () => {
    http = await startHttpHarness({}, engine)
  })
  afterAll(() => http?.[Symbol.asyncDispose]())

  const feed = async (query: string, headers: Record<string, string> = {}): Promise<Feed> => {
    const response = await http.fetch(`/api/v1/events?${query}`, { headers })
    expect(response.status).toBe(200)
    return (await response.json()) as Feed
  }
  const fresh = () => (folder = `/content/dam/events/${++folders}`)
  const latest = async () => (await feed('after=latest')).nextCursor
  const write = (count: number) =>
    http.database.transaction((trx) =>
      writeEvents(
        trx,
        Array.from({ length: count }, (_, index) => ({ type: 'asset.received' as const, actor: 'admin', path: `${folder}/${index}` })),
      ),
    )

  it('are told in the feed, in pages, by type and by path', async () => {
    fresh()
    const after = await latest()
    await http.put(`${folder}/a.dita`, '<topic id="a"><title>A</title></topic>')
    await http.put(`${folder}/bad.dita`, '<topic id="a">')
    await http.postProcess()
    await http.fetch(`${folder}/a.dita`, { method: 'DELETE' })
    const all = await feed(`after=${after}&path=${folder}`)
    const type = (name: string) => `assay.asset.${name}`
    expect(all.items.map((event) => event.type)).toEqual(['received', 'received', 'processed', 'processed', 'deleted'].map(type))
    expect(all.items.find((event) => event.path.endsWith('bad.dita') && event.type === type('processed'))).toMatchObject({
      status: 'FAILURE',
      revision: 1,
      uuid: expect.stringMatching(/^GUID-/),
      problems: [{ code: 'NOT_WELL_FORMED', message: expect.any(String) }],
    })
    const pages: Seen[] = []
    for (let page = await feed(`after=${after}&limit=2`); ; page = await feed(`after=${page.nextCursor}&limit=2`)) {
      pages.push(...page.items)
      if (!page.hasMore) break
    }
    expect(pages.filter(({ path }) => path.startsWith(folder))).toEqual(all.items)
    const deleted = await feed(`after=${after}&type=assay.asset.deleted&type=asset.moved&path=${folder}/a.dita&path=${folder}/none`)
    expect([deleted.items, deleted.nextCursor]).toEqual([all.items.slice(4), all.nextCursor])
    const lines = await http.fetch(`/api/v1/events?after=${after}&path=${folder}`, { headers: { accept: 'application/x-ndjson' } })
    expect(
      (await lines.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(all.items)
  })

  it('say whether an asset had a result before, whatever its revision', async () => {
    fresh()
    const after = await latest()
    for (const id of ['first', 'second']) await http.put(`${folder}/bad.dita`, `<topic id="${id}">`)
    await http.postProcess()
    const headers = { 'x-destination': `/api/assets${folder.slice('/content/dam'.length)}/moved.dita` }
    const moved = await http.fetch(`/api/assets${folder.slice('/content/dam'.length)}/bad.dita`, { method: 'MOVE', headers })
    expect(moved.status).toBe(201)
    await http.postProcess()
    const { items } = await feed(`after=${after}&path=${folder}&type=asset.processed`)
    const problems = [expect.objectContaining({ code: 'NOT_WELL_FORMED' })]
    expect(items).toEqual([
      expect.objectContaining({ path: `${folder}/bad.dita`, revision: 2, problems }),
      expect.objectContaining({ path: `${folder}/moved.dita`, revision: 2, problems, detail: { again: true } }),
    ])
    expect(items[0]).not.toHaveProperty('detail')
    await http.put(`${folder}/moved.dita`, '<topic id="a"><title>A</title></topic>')
    await http.postProcess()
    const { items: last } = await feed(`after=${items[1]!.id}&path=${folder}&type=asset.processed`)
    expect(last).toEqual([expect.objectContaining({ revision: 3, status: 'SUCCESS', detail: { again: true } })])
  })

  it.each([
    ['after=x', '/after', 'pattern'],
    ['after=99999999999999999', '/after', 'pattern'],
    ['type=asset.eaten', '/type', 'must be one of assay.asset.received, asset.received, '],
    ['type=token.created', '/type', 'must be one of '],
    ['path=/content/../etc', '/path', '".." segment'],
    ['limit=0', '/limit', '>= 1'],
    ['other=1', '/other', 'is not known here'],
  ])('are not told for %s', async (query, pointer, detail) => {
    const response = await http.fetch(`/api/v1/events?${query}`)
    expect(response.status).toBe(400)
    expect(((await response.json()) as { errors: object[] }).errors).toEqual([{ pointer, detail: expect.stringContaining(detail) }])
  })

  it('are waited for, by type and path', async () => {
    fresh()
    const after = await latest()
    const waiting = feed(`after=${after}&path=${folder}&limit=2`, { prefer: 'wait=30' })
    await http.put('/content/dam/events/elsewhere.txt', String(folders))
    await write(3)
    const { items, hasMore, nextCursor } = await waiting
    expect([items.map(({ path }) => path), hasMore]).toEqual([[`${folder}/0`, `${folder}/1`], true])
    expect((await feed(`after=${nextCursor}`, { prefer: 'wait=30' })).items.map(({ path }) => path)).toEqual([`${folder}/2`])
    const none = await feed(`after=latest&path=${folder}`, { prefer: 'wait=0' })
    expect([none.items, none.hasMore]).toEqual([[], false])
  })

  it('are streamed, each once, to readers that lose their connection over and over', async () => {
    fresh()
    const after = await latest()
    const url = `${http.url}/api/v1/events/stream?path=${folder}`
    const total = 400
    const read = async (cutAfter: number) => {
      const ids: string[] = []
      const paths: string[] = []
      while (ids.length < total) {
        const stream = await openStream(url, { 'last-event-id': ids.at(-1) ?? after })
        expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
        for (let count = 0; count < cutAfter && ids.length < total; count++) {
          const { id, data } = await stream.next()
          expect(data.id).toBe(id)
          ids.push(id)
          paths.push(data.path)
        }
        stream.close()
      }
      return { ids, paths }
    }
    const readers = [read(total), read(37), read(60)]
    for (let written = 0; written < total; written += 20) await write(20)
    const seen = await Promise.all(readers)
    expect(seen[0]!.paths).toEqual(Array.from({ length: total }, (_, index) => `${folder}/${index % 20}`))
    expect(new Set(seen[0]!.ids).size).toBe(total)
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
  })

  it('that are not kept any more are asked for in vain: 410, and a reset of the stream', async () => {
    fresh()
    const stale = await latest()
    await write(2)
    await sql`update assay.event set at = now() - interval '2 days'`.execute(http.database.kysely)
    await http.prune(86_400_000)
    const oldest = await latest()
    const empty = await openStream(`${http.url}/api/v1/events/stream`, { 'last-event-id': stale })
    expect(await empty.next()).toEqual({ id: oldest, event: 'reset', data: { position: oldest, oldest } })
    await write(1)
    expect((await empty.next()).data).toMatchObject({ path: `${folder}/0` })
    empty.close()
    const gone = await http.fetch(`/api/v1/events?after=${stale}`)
    expect([gone.status, await gone.json()]).toMatchObject([410, { code: 'ASSAY-EVENTS-GONE', detail: expect.stringContaining(oldest) }])
    const newest = await latest()
    for (const last of [stale, 'nonsense', '9000000000000000']) {
      const stream = await openStream(`${http.url}/api/v1/events/stream`, { 'last-event-id': last })
      expect(await stream.next()).toEqual({ id: newest, event: 'reset', data: { position: newest, oldest } })
      stream.close()
    }
    const kept = await openStream(`${http.url}/api/v1/events/stream?after=oldest`)
    expect((await kept.next()).data).toMatchObject({ path: `${folder}/0` })
    kept.close()
  })

  it('that come and go while somebody waits for them answer 410', async () => {
    fresh()
    const after = await latest()
    const held = http.fetch(`/api/v1/events?after=${after}`, { headers: { prefer: 'wait=30' } })
    // Those that came later are answered: this one waits.
    for (let count = 0; count < 5; count++) await feed(`after=${after}`)
    await http.database.transaction(async (trx) => {
      await writeEvents(trx, [{ type: 'asset.received', actor: 'admin', path: folder }])
      await sql`update assay.event set at = now() - interval '2 days'`.execute(trx)
      await pruneEvents(trx, 86_400_000, 1_000_000)
    })
    expect((await held).status).toBe(410)
  })

  it('begin with what is to come for a reader that has an empty Last-Event-ID', async () => {
    fresh()
    const stream = await openStream(`${http.url}/api/v1/events/stream?path=${folder}`, { 'last-event-id': '' })
    await write(1)
    expect(await stream.next()).toMatchObject({ event: '', data: { path: `${folder}/0` } })
    stream.close()
  })

  it('hold up neither the server nor other readers when a reader takes nothing', async () => {
    fresh()
    const lazy = openRequest(`${http.url}/api/v1/events/stream?after=latest`, { headers: admin }).end()
    const [response] = await once(lazy, 'response')
    response.pause()
    const eager = await openStream(`${http.url}/api/v1/events/stream?path=${folder}&after=latest`)
    const { length } = folder
    const long = 'x'.repeat(2000 - length)
    const events = Array.from({ length: 2000 }, (_, index) => ({
      type: 'asset.received' as const,
      actor: 'admin',
      path: `${folder}/${index}/${long}`,
    }))
    await http.database.transaction((trx) => writeEvents(trx, events))
    for (let index = 0; index < events.length; index++) expect((await eager.next()).data.path).toBe(events[index]!.path)
    eager.close()
    // It has got what the sockets take, and goes on from the log when it reads again.
    let seen = 0
    for await (const piece of response.setEncoding('utf8')) {
      seen += piece.split('\nid: ').length - 1
      if (piece.includes(`/${events.length - 1}/x`)) break
    }
    // Those whose beginning was cut in two are not counted.
    expect(seen).toBeGreaterThan(0.9 * events.length)
    lazy.destroy()
  })

  describe('whose reader may be late or refused', () => {
    let followed: Awaited<ReturnType<typeof openFollowing>>
    beforeAll(async () => {
      followed = await openFollowing(http.database)
    })
    afterAll(() => followed?.[Symbol.asyncDispose]())
    /** A stream of what happens in the folder, as it is made. */
    const frames = async (options: Partial<StreamOptions>) =>
      streamFrames({
        follow: followed.follow,
        bounds: followed.log.bounds,
        after: (await followed.log.bounds()).newest,
        order: { paths: [folder] },
        signal: new AbortController().signal,
        isAllowed: async () => true,
        onSlow: () => expect.unreachable('nobody is slow'),
        ...options,
      })

    it('end the stream of a reader that takes nothing for a while, and of no other', async () => {
      fresh()
      const slow = Promise.withResolvers<void>()
      const [late, eager] = [await frames({ slowMs: 50, onSlow: slow.resolve }), await frames({ slowMs: 60_000, heartbeatMs: 20 })]
      for (const stream of [late, eager]) await stream.next()
      await write(1)
      expect((await late.next()).value).toContain(`"${folder}/0"`)
      await slow.promise
      // It was nobody's fault that nothing happened meanwhile.
      const missing = new Set([`"${folder}/0"`, ':\n\n'])
      while (missing.size > 0) {
        const { value } = await eager.next()
        for (const wanted of missing) if (value!.includes(wanted)) missing.delete(wanted)
      }
      for (const stream of [late, eager]) await stream.return()
    })

    it('come in portions, so that little waits for who is late', async () => {
      folder = `${fresh()}/${'x'.repeat(1900)}`
      const stream = await frames({})
      await stream.next()
      await write(100)
      let seen = 0
      for await (const portion of stream) {
        expect(portion.length).toBeLessThan(streamBufferBytes + 5000)
        seen += portion.split('\nid: ').length - 1 + Number(portion.startsWith('id: '))
        if (seen === 100) break
      }
      const { newest } = await followed.log.bounds()
      await write(eventsPerRun + 50)
      const end = (await followed.log.bounds()).newest
      // From the log, and from memory.
      for (const after of [newest, newest]) {
        const sizes: number[] = []
        for await (const { events, position } of followed.follow({ after }, new AbortController().signal)) {
          sizes.push(events.length)
          if (position >= end) break
        }
        expect(Math.max(...sizes)).toBeLessThanOrEqual(eventsPerRun)
        expect(sizes.reduce((sum, size) => sum + size)).toBe(eventsPerRun + 50)
      }
    })

    it.each(['quiet', 'busy'])('end a stream on a %s log when its credential does not hold any more', async (log) => {
      const elsewhere = fresh()
      fresh()
      const holds = [true, true, false]
      const stream = await frames({ heartbeatMs: 30, isAllowed: async () => holds.shift() ?? false })
      const read = async () => {
        const seen: string[] = []
        for await (const frame of stream) seen.push(frame)
        return seen
      }
      let isOver = false
      const reading = read().finally(() => {
        isOver = true
      })
      while (log === 'busy' && !isOver)
        await writeEvents(http.database.kysely, [{ type: 'asset.received', actor: 'admin', path: `${elsewhere}/a` }])
      expect(await reading).toEqual([expect.stringMatching(/^retry: /), ':\n\n', ':\n\n'])
      expect(holds).toEqual([])
    })
  })

  it('leave nothing behind in memory of questions that are held in vain, and of beats', async () => {
    await using followed = await openFollowing(http.database)
    const { newest } = await followed.log.bounds()
    const keep = new AbortController()
    const staying = followed.follow({ after: newest }, keep.signal)
    const next = staying.next()
    const ask = async () => {
      const gone = new AbortController()
      setImmediate(() => gone.abort())
      for await (const _ of followed.follow({ after: newest }, gone.signal));
    }
    const askOften = async (times: number) => {
      for (let count = 0; count < times; count++) await Promise.all(Array.from({ length: 100 }, ask))
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    const before = await askOften(10)
    expect((await askOften(100)) - before).toBeLessThan(1_000_000)
    keep.abort()
    await next

    const never = new Promise<never>(() => {})
    const waits = vi.spyOn(never, 'then')
    const beats = withBeats(
      () => ({ next: () => never, return: async () => ({ done: true }) }) as never,
      { after: 0 },
      { beatMs: 0, signal: keep.signal },
    )
    for (let beat = 0; beat < 10; beat++) expect(await beats.next()).toEqual({ done: false, value: null })
    expect(waits.mock.calls.length).toBeLessThan(3)
    await beats.return()
  })

  it('have a bounded number of streams for each caller, freed when one ends', async () => {
    const url = `${http.url}/api/v1/events/stream`
    const { token } = (await (
      await http.fetch('/api/v1/tokens', {
        method: 'POST',
        body: JSON.stringify({ name: 'streams', scopes: ['read'] }),
        headers: { 'content-type': 'application/json' },
      })
    ).json()) as { token: string }
    const bearer = { authorization: `Bearer ${token}` }
    const streams = await Promise.all(Array.from({ length: maxStreamsPerIdentity }, () => openStream(url, bearer)))
    const refused = await fetch(url, { headers: bearer })
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
      429,
      expect.any(String),
      { code: 'ASSAY-TOO-MANY-STREAMS' },
    ])
    streams[0]!.close()
    await expect
      .poll(async () => {
        const stream = await openStream(url, bearer)
        stream.close()
        return stream.response.status
      })
      .toBe(200)
    for (const stream of streams) stream.close()
  })
})

describe('a server that stops', () => {
  it('ends its streams with a hint when to come again', async () => {
    const http = await startHttpHarness()
    const unused = connect(Number(new URL(http.url).port), '127.0.0.1')
    const stream = await openStream(`${http.url}/api/v1/events/stream`)
    expect((await stream.frames.next()).value).toMatch(/^retry: \d+$/)
    const stopped = http[Symbol.asyncDispose]()
    expect((await stream.frames.next()).done).toBe(true)
    await stopped
    unused.destroy()
  })
})
