import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AssayApi, apiOf, eventually, type JobAnswer, statusAddress, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'
import { rawRequest } from '../support/raw-http.ts'
import { engines } from '../support/test-database.ts'

describe.each(engines)('start and poll of a status job (%s)', (engine) => {
  let server: SharedAssay
  let api: AssayApi
  let folder: string
  /** A finished job over 25 topics, every fifth of which failed. */
  let jobId: string

  beforeAll(async () => {
    server = await sharedAssay(engine)
    api = apiOf(server)
    folder = api.folder('poll')
    const names = Array.from({ length: 25 }, (_, index) => `${String(index).padStart(2, '0')}.dita`)
    await Promise.all(names.map((name, index) => api.upload(`${folder}/${name}`, index % 5 === 0 ? '<topic>' : topic(name))))
    await api.settled([folder])
    jobId = ((await (await api.start({ paths: [folder] }, { prefer: 'wait=60' })).json()) as JobAnswer).jobId
  })

  const plain = { 'accept-encoding': 'identity' }

  it('answers a start with WAITING, Location and Retry-After', async () => {
    const response = await api.start({ paths: [folder] })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    const text = await response.text()
    const { jobId: id } = JSON.parse(text) as JobAnswer
    expect(text).toBe(`{"jobId":"${id}","status":"WAITING"}`)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    const location = new URL(response.headers.get('location')!, server.url)
    expect(location.pathname + location.search).toBe(`${statusAddress}?jobId=${id}`)
    const polled = await eventually(
      async () => (await (await api.send(location.pathname + location.search)).json()) as JobAnswer,
      (job) => job.status === 'SUCCESS',
    )
    expect(polled.assets).toHaveLength(25)
  })

  it('holds a start with Prefer: wait until the job is finished', async () => {
    const response = await api.start({ paths: [folder] }, { prefer: 'wait=30' })
    expect(response.headers.get('preference-applied')).toBe('wait=30')
    const job = (await response.json()) as JobAnswer
    expect(job.status).toBe('SUCCESS')
    expect(job.assets).toHaveLength(25)
  })

  it('holds a poll with Prefer: wait until the status changes', async () => {
    const { jobId: id } = (await (await api.start({ paths: [folder] })).json()) as JobAnswer
    let job: JobAnswer = { jobId: id, status: 'WAITING' }
    // WAITING → PROCESSING → SUCCESS: a held poll is answered at each change, so two are enough.
    for (let polls = 0; polls < 2 && job.status !== 'SUCCESS'; polls++) {
      job = (await (await api.poll(id, { prefer: 'respond-async, wait=30' })).json()) as JobAnswer
    }
    expect(job.status).toBe('SUCCESS')
  })

  it('takes no wait beyond 60 seconds, and ignores other preferences', async () => {
    const long = await api.poll(jobId, { prefer: 'wait=100000' })
    expect(long.headers.get('preference-applied')).toBe('wait=60')
    const other = await api.poll(jobId, { prefer: 'return=minimal, wait=soon' })
    expect(other.headers.get('preference-applied')).toBeNull()
    expect(other.status).toBe(200)
  })

  it('answers jobId, status and assets in this order and each asset with path, uuid, status and exists', async () => {
    const text = await (await api.poll(jobId)).text()
    const job = JSON.parse(text) as JobAnswer
    expect(Object.keys(job)).toEqual(['jobId', 'status', 'assets'])
    expect(job.assets!.map((asset) => Object.keys(asset).join())).toEqual(Array(25).fill('path,uuid,status,exists'))
    expect(JSON.stringify(job)).toBe(text)
  })

  it('shows assets only when the job is a SUCCESS', async () => {
    const { jobId: id } = (await (await api.start({ paths: [folder] })).json()) as JobAnswer
    const seen = new Map<string, boolean>()
    const end = await eventually(
      async () => {
        const job = (await (await api.poll(id)).json()) as JobAnswer
        seen.set(job.status, 'assets' in job)
        return job
      },
      (job) => job.status === 'SUCCESS',
    )
    expect(end.assets).toHaveLength(25)
    for (const [status, hasAssets] of seen) expect(hasAssets, status).toBe(status === 'SUCCESS')
  })

  it('is a SUCCESS when assets failed', async () => {
    const job = (await (await api.poll(jobId)).json()) as JobAnswer
    expect(job.status).toBe('SUCCESS')
    expect(job.assets!.filter(({ status }) => status === 'FAILURE')).toHaveLength(5)
  })

  it('trims the jobId', async () => {
    const expected = await (await api.poll(jobId)).text()
    for (const spelling of [` ${jobId}`, `${jobId} `, `\t${jobId}\n`]) expect(await (await api.poll(spelling)).text()).toBe(expected)
    expect(await (await api.send(`${statusAddress}?jobId=+${jobId}`)).text()).toBe(expected)
  })

  it('sends the same bytes compressed to whoever accepts gzip', async () => {
    const identity = await rawBytes({ ...plain })
    const zipped = await rawBytes({ 'accept-encoding': 'gzip' })
    expect(identity.headers.get('content-encoding')).toBeNull()
    expect(zipped.headers.get('content-encoding')).toBe('gzip')
    expect(zipped.headers.get('vary')?.toLowerCase()).toContain('accept-encoding')
    expect(zipped.bytes.length).toBeLessThan(identity.bytes.length)
    expect(gunzipSync(zipped.bytes).equals(identity.bytes)).toBe(true)
    expect((await rawBytes({ 'accept-encoding': 'gzip;q=0' })).headers.get('content-encoding')).toBeNull()
  })

  /** `fetch` unpacks by itself, so the bytes are read from the socket. */
  async function rawBytes(headers: Record<string, string>) {
    const { request } = await import('node:http')
    const { promise, resolve, reject } = Promise.withResolvers<{ headers: Headers; bytes: Buffer }>()
    const url = `${server.url}${statusAddress}?jobId=${jobId}`
    request(url, { headers: { authorization: server.authorization, ...headers } }, async (response) => {
      const pieces: Buffer[] = []
      for await (const piece of response) pieces.push(piece as Buffer)
      resolve({ headers: new Headers(response.headers as Record<string, string>), bytes: Buffer.concat(pieces) })
    })
      .on('error', reject)
      .end()
    return promise
  }

  it('answers 304 to an ETag that still holds', async () => {
    const first = await api.poll(jobId)
    const etag = first.headers.get('etag')!
    await first.arrayBuffer()
    for (const header of [etag, `"other", ${etag}`, '*']) {
      const again = await api.poll(jobId, { 'if-none-match': header })
      expect(again.status).toBe(304)
      expect(await again.text()).toBe('')
      expect(again.headers.get('etag')).toBe(etag)
    }
    expect((await api.poll(jobId, { 'if-none-match': '"other"' })).status).toBe(200)
  })

  it('narrows a finished list by status', async () => {
    const failed = await api.poll(jobId, {}, '&assetStatus=FAILURE')
    expect(failed.headers.get('x-total-count')).toBe('5')
    const job = (await failed.json()) as JobAnswer
    expect(job.assets!.map(({ status }) => status)).toEqual(Array(5).fill('FAILURE'))
    const two = (await (await api.poll(jobId, {}, '&assetStatus=FAILURE&assetStatus=SUCCESS')).json()) as JobAnswer
    expect(two.assets).toHaveLength(25)
    const again = (await (await api.poll(jobId, {}, '&assetStatus=FAILURE'.repeat(4))).json()) as JobAnswer
    expect(again.assets).toEqual(job.assets)
    const none = await api.poll(jobId, {}, '&assetStatus=PENDING')
    expect(none.headers.get('x-total-count')).toBe('0')
    expect(((await none.json()) as JobAnswer).assets).toEqual([])
    expect((await api.poll(jobId, {}, '&assetStatus=failure')).status).toBe(400)
  })

  it('cuts a finished list into pages that lead to one another', async () => {
    const whole = ((await (await api.poll(jobId)).json()) as JobAnswer).assets!
    const pages: unknown[] = []
    let address: string | null = `${statusAddress}?jobId=${jobId}&limit=7`
    for (let count = 0; address !== null && count < 10; count++) {
      const page: Response = await api.send(address)
      expect(page.headers.get('x-total-count')).toBe('25')
      pages.push(((await page.json()) as JobAnswer).assets)
      address = /<([^>]+)>;\s*rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? null
    }
    expect(pages.map((page) => (page as unknown[]).length)).toEqual([7, 7, 7, 4])
    expect(pages.flat()).toEqual(whole)
  })

  it('combines offset, limit and status', async () => {
    const part = await api.poll(jobId, {}, '&assetStatus=SUCCESS&offset=18&limit=5')
    expect(part.headers.get('link')).toBeNull()
    expect(part.headers.get('x-total-count')).toBe('20')
    expect(((await part.json()) as JobAnswer).assets!.map(({ path }) => path)).toEqual([`${folder}/23.dita`, `${folder}/24.dita`])
    expect(((await (await api.poll(jobId, {}, '&offset=99')).json()) as JobAnswer).assets).toEqual([])
    for (const query of ['&limit=0', '&limit=x', '&offset=-1']) expect((await api.poll(jobId, {}, query)).status, query).toBe(400)
  })

  it('answers parts of a list with ETags of their own', async () => {
    const whole = (await api.poll(jobId)).headers.get('etag')!
    const part = await api.poll(jobId, {}, '&limit=7')
    expect(part.headers.get('etag')).not.toBe(whole)
    expect((await api.poll(jobId, { 'if-none-match': part.headers.get('etag')! }, '&limit=7')).status).toBe(304)
    expect((await api.poll(jobId, { 'if-none-match': whole }, '&limit=7')).status).toBe(200)
  })

  it('says when to ask again while the job runs', async () => {
    const { jobId: id } = (await (await api.start({ paths: ['/'] })).json()) as JobAnswer
    await eventually(
      async () => {
        const response = await api.poll(id)
        const job = (await response.json()) as JobAnswer
        expect(response.headers.has('retry-after')).toBe(job.status !== 'SUCCESS')
        return job
      },
      (job) => job.status === 'SUCCESS',
    )
  })

  it('answers HEAD with the headers alone', async () => {
    const head = await api.send(`${statusAddress}?jobId=${jobId}`, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(head.headers.get('etag')).toBe((await api.poll(jobId)).headers.get('etag'))
  })

  it('streams long lists', async () => {
    const paths = Array.from({ length: 1000 }, (_, index) => `${folder}/missing-${String(index).padStart(40, '0')}.dita`)
    const { jobId: id } = (await (await api.start({ paths }, { prefer: 'wait=60' })).json()) as JobAnswer
    const answer = await rawRequest(server.url, [
      `GET ${statusAddress}?jobId=${id} HTTP/1.1`,
      `Authorization: ${server.authorization}`,
      'Accept-Encoding: identity',
    ])
    expect(answer.headers.get('transfer-encoding')).toBe('chunked')
  })
})
