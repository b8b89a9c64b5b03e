import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, it } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { type AssayApi, apiOf, eventually, topic } from '../support/assay-api.ts'
import { sharedAssay } from '../support/assay-server.ts'
import { engines } from '../support/test-database.ts'

interface Process {
  readonly processingId: string
  readonly status: string
  readonly completedAt: number | null
  readonly [name: string]: unknown
}

interface Run {
  readonly id: string
  readonly status: string
  readonly finishedAt: string | null
  readonly logLines: number
  readonly restartable: boolean
  readonly progress: Readonly<Record<'total' | 'taken' | 'done' | 'succeeded' | 'failed' | 'replaced' | 'deleted', number>>
}

interface Preview {
  readonly total: number
  readonly byType: Readonly<Record<string, number>>
  readonly leftOut: readonly { readonly reason: string; readonly path: string | null; readonly assets: number }[]
  readonly overlappingRun: string | null
}

interface RunAsset {
  readonly path: string
  readonly outcome: string
  readonly problems: readonly { readonly code: string }[]
}

const process = '/bin/guides/v1/assets/process'
const broken = '<topic id="x"><title>open</topic>'

describe.each(engines)('processing runs (%s)', (engine) => {
  let api: AssayApi
  let folder: string

  beforeAll(async () => {
    api = apiOf(await sharedAssay(engine))
    folder = api.folder('manual')
    const names = ['a.dita', 'b.dita', 'map.ditamap', 'style.css', 'sub/c.dita', 'sub/out/d.dita', 'sub/out/e.dita', 'zip.bin']
    const contents = (name: string) => (name.endsWith('.ditamap') ? '<map><title>M</title></map>' : topic(name))
    await Promise.all(
      names.map((name) => api.upload(`${folder}/${name}`, name.endsWith('.dita') || name.endsWith('map') ? contents(name) : name)),
    )
    await api.upload(`${folder}/broken.dita`, broken)
    await api.settled([folder])
  })

  const post = (target: string, body: unknown, headers = {}) =>
    api.send(target, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } })
  const get = async <T>(target: string) => (await (await api.send(target)).json()) as T
  const ended = (id: string) =>
    eventually(
      () => get<Run>(`/api/v1/runs/${id}`),
      ({ finishedAt }) => finishedAt !== null,
    )
  const start = async (order: object): Promise<Run> => {
    const response = await post('/api/v1/runs', order)
    if (response.status !== 202) throw new Error(`A start answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as Run
  }
  const assetsOf = async (id: string, query = '') =>
    (await get<{ items: RunAsset[] }>(`/api/v1/runs/${id}/assets${query}`)).items.map(({ path, ...rest }) => ({
      path: path.slice(folder.length + 1),
      ...rest,
    }))

  it('process a tree again, and say so as AEM Guides does', async () => {
    const before = await api.detail(`${folder}/a.dita`)
    const excludedPaths = [`${folder}/sub/out/`]
    const response = await post(process, {
      path: folder.slice(1),
      excludedPaths,
      type: 'ASSET_PROCESSING',
      filter: { fileTypes: ['DITATOPIC'] },
    })
    expect(response.status).toBe(200)
    const { processingId } = (await response.json()) as Process
    expect(response.headers.get('location')).toBe(`${process}/status?processingId=${processingId}`)
    await ended(processingId)
    const status = await get<Process>(`${process}/status?processingId=%20${processingId}`)
    expect(status).toEqual({
      processingId,
      path: folder,
      excludedPaths: [`${folder}/sub/out`],
      status: 'SUCCESS',
      triggeredCount: 4,
      startedAt: expect.any(Number),
      completedAt: expect.any(Number),
      hasLogs: true,
      createdBy: 'admin',
      type: 'ASSET_PROCESSING',
      migrationSet: { totalFiles: 4, calculationStatus: 'SUCCESS' },
      eta: { value: 0, unit: 'SECONDS' },
      comments: '1 of 4 assets failed: the log says why.',
      restartable: true,
      resumable: false,
      cancellable: false,
      filter: { fileTypes: ['DITATOPIC'], filterProcessedAssets: false },
    })
    expect((await api.detail(`${folder}/a.dita`)).settledAt! > before.settledAt!).toBe(true)
    const { executionHistory } = await get<{ executionHistory: Process[] }>(`${process}/history`)
    const inHistory = executionHistory.find((run) => run.processingId === processingId)!
    expect(inHistory).toEqual(status)
    expect(Object.keys(inHistory)).toEqual(
      'processingId path excludedPaths status triggeredCount startedAt completedAt hasLogs createdBy type migrationSet eta comments restartable resumable cancellable filter'.split(
        ' ',
      ),
    )
    expect(await assetsOf(processingId)).toEqual([
      { path: 'a.dita', outcome: 'succeeded', problems: [], revision: 1, uuid: before.uuid },
      { path: 'b.dita', outcome: 'succeeded', problems: [], revision: 1, uuid: expect.any(String) },
      {
        path: 'broken.dita',
        outcome: 'failed',
        problems: [expect.objectContaining({ code: 'NOT_WELL_FORMED' })],
        revision: 1,
        uuid: expect.any(String),
      },
      { path: 'sub/c.dita', outcome: 'succeeded', problems: [], revision: 1, uuid: expect.any(String) },
    ])
  })

  it('log each batch and each failed asset, in pages, from the end, and as a ZIP', async () => {
    const { id } = await ended((await start({ path: `${folder}/broken.dita` })).id)
    const { lines } = await get<{ lines: string[] }>(`/api/v1/runs/${id}/log`)
    const stripped = lines.map((line) => line.replace(/^\S+Z /, ''))
    expect(stripped).toEqual([
      `INFO  ordered by admin: ${folder}/broken.dita`,
      'INFO  started',
      'INFO  counted: 1 to process',
      expect.stringMatching(`^ERROR ${folder}/broken.dita: 1:\\d+ NOT_WELL_FORMED .+`),
      expect.stringMatching(/^INFO {2}batch 1: 1 asset in \d+\.\d s, 0 succeeded, 1 failed$/),
      'INFO  finished: 1 asset, 0 succeeded, 1 failed',
    ])
    const page = (query: string) => get(`${process}/logs?processingId=${id}&${query}`)
    expect(await page('offset=1&limit=2')).toEqual({ lines: lines.slice(1, 3), limit: 2, offset: 1, hasMore: true })
    expect(await page('offset=4')).toEqual({ lines: lines.slice(4), limit: 500, offset: 4, hasMore: false })
    expect(await page('offset=99')).toEqual({ lines: [], limit: 500, offset: 99, hasMore: false })
    expect(await page('offset=2147483647&limit=10000')).toEqual({ lines: [], limit: 10_000, offset: 2_147_483_647, hasMore: false })
    expect(await page('tail=2')).toEqual({ lines: lines.slice(4), limit: 2, offset: 4, hasMore: false })
    for (const target of [`${process}/logs/download?processingId=${id}`, `/api/v1/runs/${id}/log/download`]) {
      const response = await api.send(target)
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip'])
      expect(await unzip(Buffer.from(await response.arrayBuffer()))).toEqual({ [`${id}.log`]: `${lines.join('\n')}\n` })
      const head = await api.send(target, { method: 'HEAD' })
      expect([head.status, head.headers.get('content-disposition')]).toEqual([200, response.headers.get('content-disposition')])
    }
    for (const target of [`${process}/logs?processingId=${id}`, `/api/v1/runs/${id}/log`])
      expect((await api.send(target, { method: 'HEAD' })).status).toBe(200)
  })

  const orders = [
    {},
    { excludedPaths: ['sub/out', 'a.dita', 'nowhere'] },
    { excludedPaths: ['sub', 'sub/out', 'sub'] },
    { filter: { types: ['DITAMAP', 'HTML/CSS'] } },
    { filter: { only: 'failed' } },
    { filter: { only: 'unprocessed' } },
    { filter: { createdTo: '2020-01-01T00:00:00Z' } },
    { filter: { createdFrom: '0000-01-01T00:00:00Z', createdTo: '9999-12-31T23:59:59.999Z' } },
    { filter: { createdFrom: '2020-01-01T00:00:00Z', types: ['OTHERS'] }, excludedPaths: ['sub'] },
  ]
  it('do what the dry run says', async () => {
    for (const { excludedPaths = [], ...order } of orders) {
      const whole = { path: folder, excludedPaths: excludedPaths.map((path) => `${folder}/${path}`), ...order }
      const preview = (await (await post('/api/v1/runs', { ...whole, dryRun: true })).json()) as Preview
      expect(preview.overlappingRun).toBeNull()
      const everything = 9
      expect(preview.total + preview.leftOut.reduce((sum, { assets }) => sum + assets, 0)).toBe(everything)
      expect(preview.leftOut.filter(({ reason }) => reason === 'exclusion').map(({ path }) => path)).toEqual(whole.excludedPaths)
      const run = await ended((await start(whole)).id)
      expect(run).toMatchObject({ status: 'SUCCESS', progress: { total: preview.total, taken: preview.total, done: preview.total } })
      const taken = await assetsOf(run.id)
      const typeOf = async (path: string) => (await get<{ type: string }>(`/api/v1/assets/by-path?path=${folder}/${path}`)).type
      const types = await Promise.all(taken.map(({ path }) => typeOf(path)))
      const counted = Object.entries(preview.byType).flatMap(([type, count]) => Array<string>(count).fill(type))
      expect(types.sort()).toEqual(counted.sort())
    }
  })

  it('stop at once when they are cancelled, leave nothing untrue, and go on from there', async () => {
    const many = api.folder('many')
    const files = Array.from({ length: 1200 }, (_, index) => [`${index % 9}/${index}.dita`, topic(`${index}`)] as const)
    const form = new FormData()
    form.set('target', many)
    for (const [name, content] of files.slice(0, 900)) form.append('file', new Blob([content]), name)
    const rest = new FormData()
    rest.set('target', many)
    for (const [name, content] of files.slice(900)) rest.append('file', new Blob([content]), name)
    for (const body of [form, rest]) expect((await api.send('/bin/guides/v1/asset/import', { method: 'POST', body })).status).toBe(200)
    await api.settled([many], 60_000)
    const { id } = await start({ path: many })
    await eventually(
      () => get<Run>(`/api/v1/runs/${id}`),
      ({ progress }) => progress.taken > 0,
    )
    const since = performance.now()
    const cancelled = await post(`${process}/cancel`, { processingId: id })
    expect([cancelled.status, performance.now() - since < 1000]).toEqual([200, true])
    expect(await cancelled.json()).toMatchObject({ status: 'CANCELLED', resumable: true, cancellable: false, restartable: false })
    const { progress, restartable } = await get<Run>(`/api/v1/runs/${id}`)
    expect(restartable).toBe(true)
    expect(progress.done).toBeLessThan(files.length)
    for (const { status, path } of await api.settled([many])) expect([path, status]).toEqual([path, 'SUCCESS'])
    expect(await (await post(`${process}/resume`, { processingId: id })).json()).toMatchObject({ processingId: id, resumable: false })
    expect(await ended(id)).toMatchObject({ status: 'SUCCESS', progress: { total: 1200, done: 1200, succeeded: 1200 } })
  })

  it('refuse what overlaps, with the address of the run in the way, and start once for each key', async () => {
    const order = { path: folder }
    const headers = { 'idempotency-key': `once-${folder}` }
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('/api/v1/runs', order, headers)))
    const ids = new Set(await Promise.all(answers.map(async (answer) => ((await answer.json()) as Run).id)))
    expect(ids.size).toBe(1)
    const [id] = [...ids]
    expect((await post('/api/v1/runs', { path: `${folder}/sub` }, headers)).status).toBe(422)
    await ended(id!)
    const many = await Promise.all(['', '/sub', '/sub/out', '/sub/c.dita'].map((below) => post(process, { path: folder + below })))
    const started = many.filter(({ status }) => status === 200)
    const running = ((await started[0]!.json()) as Process).processingId
    for (const refused of many.filter(({ status }) => status !== 200)) {
      expect(await refused.json()).toMatchObject({ status: 409, code: 'ASSAY-RUN-OVERLAPS' })
    }
    expect(started.length).toBeGreaterThan(0)
    await ended(running)
  })

  it('say what is wrong with a request', async () => {
    const requests = [
      ['POST', '', { path: '/content/dam/nowhere' }, 404, 'ASSAY-PATH-NOT-FOUND'],
      ['POST', '', { path: '../x' }, 400, 'ASSAY-INVALID-PATH'],
      ['POST', '', {}, 400, 'ASSAY-INVALID-INPUT'],
      ['POST', '', { path: '/content/dam', type: 'MAP_COLLECTION' }, 400, 'ASSAY-INVALID-INPUT'],
      ['POST', '', { path: '/content/dam', filter: { fileTypes: ['PDF'] } }, 400, 'ASSAY-INVALID-INPUT'],
      ['POST', '', { path: '/content/dam', filter: { startTime: 2, endTime: 1 } }, 400, 'ASSAY-INVALID-INPUT'],
      ['POST', '', { path: '/content/dam', filter: { endTime: 8_640_000_000_000_000 } }, 400, 'ASSAY-INVALID-INPUT'],
      ['GET', '/status', undefined, 400, 'ASSAY-PROCESSING-ID-MISSING'],
      ['GET', '/status?processingId=x', undefined, 404, 'ASSAY-RUN-NOT-FOUND'],
      ['GET', '/logs?processingId=6f3f3f4e-0000-4000-8000-000000000000', undefined, 404, 'ASSAY-RUN-NOT-FOUND'],
      ['GET', '/logs/download?processingId=x', undefined, 404, 'ASSAY-RUN-NOT-FOUND'],
      ['POST', '/cancel', { processingId: 'x' }, 404, 'ASSAY-RUN-NOT-FOUND'],
      ['POST', '/resume', { processingId: '6f3f3f4e-0000-4000-8000-000000000000' }, 404, 'ASSAY-RUN-NOT-FOUND'],
    ] as const
    for (const [method, below, body, status, code] of requests) {
      const response = method === 'POST' ? await post(process + below, body) : await api.send(process + below)
      const answer = (await response.json()) as { code: string }
      expect([method, below, body, response.status, answer.code]).toEqual([method, below, body, status, code])
    }
  })

  it('are started anew, but not resumed, when they are finished', async () => {
    const first = await ended((await start({ path: folder, excludedPaths: [`${folder}/sub`], filter: { types: ['DITATOPIC'] } })).id)
    expect(await (await post(`/api/v1/runs/${first.id}/resume`, {})).json()).toMatchObject({ status: 409, code: 'ASSAY-RUN-REFUSES' })
    expect(await (await post(`${process}/cancel`, { processingId: first.id })).json()).toMatchObject({
      status: 409,
      code: 'ASSAY-RUN-REFUSES',
    })
    const again = (await (await post(`/api/v1/runs/${first.id}/restart`, {})).json()) as Run
    expect(again.id).not.toBe(first.id)
    const { progress } = await ended(again.id)
    expect(progress).toMatchObject({ done: first.progress.done, total: 3 })
    const page = async (cursor = '') => get<{ items: Run[]; nextCursor: string }>(`/api/v1/runs?limit=1${cursor}`)
    const seen: string[] = []
    for (let next = await page(); !seen.includes(first.id); next = await page(`&cursor=${next.nextCursor}`)) seen.push(next.items[0]!.id)
    expect(seen.filter((id) => id === first.id || id === again.id)).toEqual([again.id, first.id])
  })
})

async function unzip(bytes: Buffer): Promise<Record<string, string>> {
  const archive = await fromBufferPromise(bytes)
  const files: Record<string, string> = {}
  for await (const entry of archive.eachEntry()) files[entry.fileName] = await text(await archive.openReadStreamPromise(entry))
  return files
}
