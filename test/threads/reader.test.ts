import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { foldHash } from '../../src/model/fold-hash.ts'
import type { Problem } from '../../src/model/problem.ts'
import type { AssetReading, Reader, TargetAsset } from '../../src/processing/ports.ts'
import { textOf } from '../../src/processing/stored-text.ts'
import { openReader, type ReaderOptions } from '../../src/threads/open-reader.ts'
import { withOwnTexts } from '../../src/threads/pack-readings.ts'
import { readContent } from '../../src/threads/read-content.ts'
import { startProgram } from '../support/program.ts'

const poisonEntry = new URL('./poison-entry.ts', import.meta.url)

let reader: (Reader & AsyncDisposable) | null = null
/** For all tests that open one without options: threads take a while to start. */
let usual: (Reader & AsyncDisposable) | null = null
const ended: { reason: string; path: string | null }[] = []
const printed: string[] = []

async function open(options?: Partial<ReaderOptions>): Promise<Reader> {
  if (options) reader = await openWith(options)
  else reader = usual ??= await openWith({})
  return reader
}

const openWith = (options: Partial<ReaderOptions>) =>
  openReader({
    threads: 2,
    entry: poisonEntry,
    assetTimeoutMs: 20_000,
    heapMiB: 64,
    onThreadEnded: (event) => ended.push(event),
    onOutput: (line) => printed.push(line),
    ...options,
  })

const resolve = async (...parameters: Parameters<Reader['resolve']>) =>
  (await reader!.resolve(...parameters)).map((one) => ({ ...one, states: textOf(one.states), problems: textOf(one.problems) }))

afterAll(() => usual?.[Symbol.asyncDispose]())
afterEach(async () => {
  if (reader !== usual) await reader?.[Symbol.asyncDispose]()
  reader = null
  ended.length = 0
  printed.length = 0
})

const topic = (name: string, body = '') => `<topic id="t"><title>${name}</title><body>${body}</body></topic>`

function contentOf(name: string, text: string) {
  const bytes = Buffer.from(text)
  return { id: 1, path: `/content/dam/${name}.dita`, size: bytes.length, bytes }
}

const topics = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => contentOf(`topic-${from + index}`, topic(`Topic ${from + index}`)))
const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
const codes = ({ problems }: AssetReading) => (JSON.parse(textOf(problems)) as Problem[]).map(({ code }) => code)

describe('reading', () => {
  test('gives what reading each content by itself gives, in the order given', async () => {
    await open({ threads: 3 })
    const contents = [...topics(1, 150), contentOf('bad', '<topic id="t"><title>'), contentOf('empty', ''), ...topics(151, 300)]
    const readings = await reader!.read(contents)
    expect(readings.map(withOwnTexts)).toEqual(await Promise.all(contents.map((content) => readContent(content, content.bytes))))
    expect(readings.map(({ title }) => title).filter(Boolean)).toEqual(
      contents.length > 0 ? Array.from({ length: 300 }, (_, index) => `Topic ${index + 1}`) : [],
    )
    expect(readings.filter(({ outcome }) => outcome === 'FAILURE').map(codes)).toEqual([['NOT_WELL_FORMED'], ['EMPTY_FILE']])
    expect(ended).toEqual([])
  })

  test('reads nothing and a great number of batches at once', async () => {
    await open()
    expect(await reader!.read([])).toEqual([])
    const batches = await Promise.all(Array.from({ length: 40 }, (_, index) => reader!.read(topics(index * 10, index * 10 + 9))))
    expect(batches.map((batch) => batch[0]!.title)).toEqual(Array.from({ length: 40 }, (_, index) => `Topic ${index * 10}`))
  })

  test('says of a document too large to be held that it is, and tells a film by its beginning', async () => {
    await open()
    const head = Buffer.from(topic('Large').padEnd(1000))
    const [large, film] = await reader!.read([
      { id: 1, path: '/content/dam/large.dita', size: 30_000_000, bytes: head },
      { id: 2, path: '/content/dam/film.mp4', size: 30_000_000, bytes: Buffer.from('0000001c667479706d703432', 'hex') },
    ])
    expect(codes(large!)).toEqual(['LIMIT_FILE_SIZE'])
    expect(film).toMatchObject({ outcome: 'SUCCESS', type: 'OTHERS', mediaType: 'video/mp4' })
  })
})

test('a thread that has found much is replaced, and nobody notices', async () => {
  await open({ threads: 1, heapMiB: 512 })
  const asking = contentOf('asking', topic('Asking', '<!-- say which thread -->'))
  const large = contentOf('large', topic('Large', '<p><xref href="a"/></p>'.repeat(40_000)))
  for (const contents of [[asking], [asking, large], [asking]]) {
    const readings = await reader!.read(contents)
    expect(readings.every(({ outcome }) => outcome === 'SUCCESS')).toBe(true)
  }
  await expect.poll(() => printed.length).toBe(3)
  expect(printed[1]).toBe(printed[0])
  expect(printed[2]).not.toBe(printed[0])
  expect(ended).toEqual([])
})

describe('a content that misbehaves', () => {
  const cases = [
    ['hang', 'PROCESSING_TIMEOUT', 'timeout'],
    ['exhaust the heap', 'PROCESSING_MEMORY', 'memory'],
    ['hoard buffers', 'PROCESSING_MEMORY', 'memory'],
    ['exit', 'PROCESSING_CRASHED', 'crash'],
    ['throw out of turn', 'PROCESSING_CRASHED', 'crash'],
  ] as const

  test.each(cases)('fails alone when it makes its thread %s', async (misdeed, code, reason) => {
    await open(misdeed === 'hang' ? { assetTimeoutMs: 1000 } : undefined)
    const contents = [...topics(1, 5), contentOf('poison', topic('Poison', `<!-- ${misdeed} -->`)), ...topics(6, 20)]
    const readings = await reader!.read(contents)
    expect(readings.map(({ title }) => title)).toEqual(
      contents.map((_, index) => (index === 5 ? null : `Topic ${index < 5 ? index + 1 : index}`)),
    )
    expect(readings[5]).toMatchObject({
      outcome: 'FAILURE',
      problemCounts: { error: 1, warning: 0, info: 0 },
      type: 'DITATOPIC',
      facts: '{}',
    })
    expect(codes(readings[5]!)).toEqual([code])
    // Once with its neighbours, once more by itself.
    expect(ended).toEqual(Array.from({ length: 2 }, () => ({ reason, path: '/content/dam/poison.dita' })))
    expect((await reader!.read(topics(1, 30))).every(({ outcome }) => outcome === 'SUCCESS')).toBe(true)
  })

  test('is tried once when it was by itself from the beginning', async () => {
    await open({ assetTimeoutMs: 500 })
    const [reading] = await reader!.read([contentOf('poison', topic('Poison', '<!-- stall -->'))])
    expect(codes(reading!)).toEqual(['PROCESSING_TIMEOUT'])
    expect(ended).toHaveLength(1)
  })

  test('fails alone among others of its kind', async () => {
    await open({ assetTimeoutMs: 2000 })
    const poison = (misdeed: string) => contentOf('poison', topic('Poison', `<!-- ${misdeed} -->`))
    const contents = [poison('exit'), ...topics(1, 2), poison('stall'), poison('hoard buffers'), ...topics(3, 4), poison('exit')]
    const readings = await reader!.read(contents)
    expect(readings.map((reading) => reading.title ?? codes(reading)[0])).toEqual([
      'PROCESSING_CRASHED',
      'Topic 1',
      'Topic 2',
      'PROCESSING_TIMEOUT',
      'PROCESSING_MEMORY',
      'Topic 3',
      'Topic 4',
      'PROCESSING_CRASHED',
    ])
  })

  test('is read apart, where it can end nothing but itself', async () => {
    await open({ assetTimeoutMs: 2000, threads: 1 })
    const suspect = (misdeed: string) => contentOf(misdeed, topic('Suspect', `<!-- ${misdeed} -->`))
    const suspects = [suspect('nothing'), suspect('kill the process'), suspect('stall'), ...topics(1, 100)]
    const readings = await reader!.readApart(suspects, new AbortController().signal)
    expect(readings.map((reading) => reading.title ?? codes(reading)[0])).toEqual([
      'Suspect',
      'PROCESSING_CRASHED',
      'PROCESSING_TIMEOUT',
      ...Array.from({ length: 100 }, (_, index) => `Topic ${index + 1}`),
    ])
    expect(readings[1]!.problems).toContain('SIGKILL')
    expect(ended).toEqual(Array.from({ length: 2 }, () => ({ reason: 'crash', path: '/content/dam/kill the process.dita' })))
  })

  test('is not read on when the process that wanted it was killed', async () => {
    await using program = startProgram(new URL('./abandoning.ts', import.meta.url), [])
    const { value: line } = await program.lines.next()
    const pid = Number(/^reading in (\d+)$/.exec(line ?? program.errors())?.[1])
    expect(process.kill(pid, 0)).toBe(true)
    await program.kill()
    await expect.poll(() => isRunning(pid)).toBe(false)
  })

  test('is ended soon after its time', async () => {
    await open({ assetTimeoutMs: 1000, threads: 1 })
    const startedAt = performance.now()
    await reader!.read([contentOf('poison', topic('Poison', '<!-- stall -->'))])
    const tookMs = performance.now() - startedAt
    expect(tookMs).toBeGreaterThan(1000)
    expect(tookMs).toBeLessThan(5000)
  })

  test('prints to us, and finds neither our arguments nor more of our environment than where compiled code is kept', async () => {
    await open()
    const environment = expect.stringMatching(/^environment: \{("NODE_COMPILE_CACHE":"[^"]*")?\}, arguments: 2$/)
    await reader!.read([contentOf('loud', topic('Loud', '<!-- print -->'))])
    await expect.poll(() => printed).toEqual(expect.arrayContaining(['printed by a thread', environment]))
  })
})

describe('a batch that takes longer than the time of one content', () => {
  test('is not ended as long as it goes on', async () => {
    // Each content takes some 30 ms where nothing else runs: the whole goes over the limit, one of them does not even on a busy machine.
    await open({ threads: 1, assetTimeoutMs: 500, heapMiB: 512 })
    const slow = Array.from({ length: 30 }, (_, index) => contentOf(`slow-${index}`, topic('Slow', '<p>text</p>'.repeat(150_000))))
    const startedAt = performance.now()
    const readings = await reader!.read(slow)
    expect(performance.now() - startedAt).toBeGreaterThan(500)
    expect(readings.every(({ outcome }) => outcome === 'SUCCESS')).toBe(true)
    expect(ended).toEqual([])
  })
})

describe('a fault of ours', () => {
  test('rejects: a thread that cannot start', async () => {
    await expect(open({ entry: new URL('./broken-entry.ts', import.meta.url) })).rejects.toThrow('This thread does not start.')
  })

  test('rejects: threads that cannot be started any more, for which no content is to blame', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-entry-'))
    const entry = join(folder, 'entry.ts')
    await writeFile(entry, `import ${JSON.stringify(poisonEntry.href)}`)
    await open({ threads: 1, entry: pathToFileURL(entry) })
    await rm(folder, { recursive: true })
    const reading = reader!.read([contentOf('poison', topic('Poison', '<!-- exit -->')), ...topics(1, 3)])
    await expect(reading).rejects.toThrow('No thread can be started.')
  })

  test('rejects: a task that cannot be made, and the thread goes on', async () => {
    await open({ threads: 1 })
    const unmade = { ...contentOf('unmade', ''), bytes: { length: Number.MAX_SAFE_INTEGER } as Uint8Array }
    await Promise.all([reader!.read(topics(1, 3)), expect(reader!.read([unmade])).rejects.toThrow(RangeError)])
    expect(await reader!.read(topics(1, 3))).toHaveLength(3)
  })

  test('leaves references unresolved that it cannot read, says so, and resolves the others', async () => {
    await open()
    const unreadable = { id: 1, path: '/content/dam/a.dita', references: 'not what we have stored', targets: '' }
    const [reading] = await reader!.read(topics(2, 2))
    const readable = { id: 2, path: '/content/dam/b.dita', references: reading!.references, targets: reading!.targets }
    const [first, second] = await resolve([unreadable, readable], [])
    expect([first, second?.id]).toEqual([expect.objectContaining({ id: 1, states: '', problems: '[]' }), 2])
    await expect.poll(() => printed.join('\n')).toContain('references of /content/dam/a.dita cannot be resolved')
  })

  test('rejects: reading after, and while, the reader is closed', async () => {
    await open({})
    const reading = reader!.read([contentOf('poison', topic('Poison', '<!-- stall -->')), ...topics(1, 100)])
    await Promise.all([expect(reading).rejects.toThrow(/closed/), reader![Symbol.asyncDispose]()])
    await expect(reader!.read(topics(1, 1))).rejects.toThrow('closed')
    expect(ended).toEqual([])
  })
})

test('a failure that was found without reading looks like one that was', async () => {
  await open()
  const reading = reader!.fail('/content/dam/a.ditamap', 'CONTENT_UNREADABLE', 'the blob is gone')
  expect(reading).toMatchObject({ outcome: 'FAILURE', type: 'DITAMAP', title: null })
  expect(JSON.parse(textOf(reading.problems))[0].message).toContain('the blob is gone')
})

describe('resolving', () => {
  const files: Readonly<Record<string, string>> = {
    'a.dita': topic('A', '<p id="p" conref="b.dita#t/p"/><xref href="b.dita"/><xref href="c.dita"/><xref href="d.dita#t/x"/>'),
    'b.dita': topic('B', '<p id="p" conref="c.dita#t/p"/>'),
    'c.dita': topic('C', '<p id="p" conref="a.dita#t/p"/>'),
    'd.dita': topic('D'),
  }

  async function tree(): Promise<TargetAsset[]> {
    const contents = Object.entries(files).map(([name, text]) => contentOf(name.slice(0, -5), text))
    const readings = await reader!.read(contents)
    return readings.map(({ type, targets, targetsDigest, references }, id) => {
      const { path } = contents[id]!
      return { id, path, foldHash: foldHash(path), type, targets, targetsDigest, references }
    })
  }

  const orderOf = ({ id, path, references, targets }: TargetAsset) => ({ id, path, references: references!, targets: targets! })

  test('finds what is missing and what goes round', async () => {
    await open()
    const assets = await tree()
    const [resolution] = await resolve([orderOf(assets[0]!)], assets)
    expect(resolution).toMatchObject({ states: 'CONREF_LOOP ok ok REF_FRAGMENT_MISSING', wanted: [] })
    expect((JSON.parse(textOf(resolution!.problems)) as Problem[]).map(({ code }) => code).sort()).toEqual([
      'CONREF_LOOP',
      'REF_FRAGMENT_MISSING',
    ])
  })

  test('asks for what it needs to go round', async () => {
    await open()
    const [a, b, c, d] = await tree()
    const without = (asset: TargetAsset) => ({ ...asset, targets: null, references: null })
    const [first] = await resolve([orderOf(a!)], [a!, b!, without(c!), d!])
    expect(first).toMatchObject({ states: 'ok ok ok REF_FRAGMENT_MISSING', wanted: [c!.foldHash] })
    const [unknown] = await resolve([orderOf(a!)], [a!, b!, d!])
    expect(unknown!.wanted).toEqual([c!.foldHash])
  })

  test('says nothing of references that hang it, and all of the others', async () => {
    await open({ assetTimeoutMs: 1000 })
    const assets = await tree()
    const orders = [...assets.map(orderOf), { ...orderOf(assets[0]!), path: '/content/dam/stall.dita' }]
    const resolutions = await resolve(orders, assets)
    expect(resolutions.map(({ states }) => states)).toEqual([
      'CONREF_LOOP ok ok REF_FRAGMENT_MISSING',
      'CONREF_LOOP',
      'CONREF_LOOP',
      '',
      '',
    ])
    expect(ended.map(({ path }) => path)).toEqual(['/content/dam/stall.dita', '/content/dam/stall.dita'])
  })

  test('reads edges: other assets only, each once, with the most that is asked of it', async () => {
    await open()
    const [reading] = await reader!.read([contentOf('a', files['a.dita']!)])
    const kinds = Object.fromEntries(Array.from(reading!.edges, (edge, index) => [edge, reading!.edgeKinds[index]]))
    expect(kinds).toEqual({
      [foldHash('/content/dam/b.dita')]: 2,
      [foldHash('/content/dam/c.dita')]: 0,
      [foldHash('/content/dam/d.dita')]: 1,
    })
  })
})
