import { once } from 'node:events'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toApiError } from '../../src/http/plugins/error-answers.ts'
import type { HttpServices } from '../../src/http/services.ts'
import { listStatusListChunks } from '../../src/store/queries/read-status-list.ts'
import { createStatusJobReader } from '../../src/store/status-job-reader.ts'
import { eventually } from '../support/assay-api.ts'
import { engines } from '../support/test-database.ts'
import { admin, type HttpHarness, startHttpHarness } from './http-harness.ts'

const target = '/bin/guides/v1/assets/status'
describe.each(engines)('on %s', (engine) => {
  let http: HttpHarness

  beforeAll(async () => {
    http = await startHttpHarness({}, engine)
    for (const name of ['a.dita', 'b.dita', 'sub/c.dita', 'with, comma & ünï.dita']) {
      const response = await http.put(`/content/dam/jobs/${name.split('/').map(encodeURIComponent).join('/')}`, `content of ${name}`)
      expect(response.status).toBe(201)
    }
  }, 60_000)
  afterAll(() => http[Symbol.asyncDispose]())

  async function start(body: unknown): Promise<{ jobId: string; status: string }> {
    const response = await http.fetch(target, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
    expect(response.status).toBe(200)
    return (await response.json()) as { jobId: string; status: string }
  }

  async function finished(body: unknown): Promise<string> {
    const { jobId } = await start(body)
    await http.runStatusJobs()
    return jobId
  }

  describe('starting', () => {
    it('answers at once, and says where and when to look', async () => {
      const response = await http.fetch(target, { method: 'POST', body: '{"paths":["/content/dam/jobs"]}' })
      const text = await response.text()
      expect(text).toMatch(/^\{"jobId":"[0-9a-f-]{36}","status":"WAITING"\}$/)
      expect(response.headers.get('location')).toBe(`${target}?jobId=${JSON.parse(text).jobId}`)
      expect(response.headers.get('retry-after')).toBe('1')
    })

    it('holds the answer until the job is finished when it is asked to', async () => {
      const started = http.statusJobStarted()
      const answer = http.fetch(target, { method: 'POST', body: 'paths=/content/dam/jobs/a.dita', headers: { prefer: 'wait=30' } })
      await started
      await http.runStatusJobs()
      const response = await answer
      expect(response.headers.get('preference-applied')).toBe('wait=30')
      expect(await response.json()).toMatchObject({ status: 'SUCCESS', assets: [{ path: '/content/dam/jobs/a.dita', exists: true }] })
    })
  })

  describe('polling', () => {
    it('says WAITING without a list until the job has run', async () => {
      const { jobId } = await start({ paths: '/content/dam/jobs' })
      const response = await http.fetch(`${target}?jobId=%20${jobId}%20`)
      expect(await response.text()).toBe(`{"jobId":"${jobId}","status":"WAITING"}`)
      expect(response.headers.get('retry-after')).toBe('1')
    })

    it('gives exactly the keys of the contract, in path order', async () => {
      const jobId = await finished({ paths: ['/content/dam/jobs/'], excludedPaths: ['content/dam/jobs/sub'] })
      const response = await http.fetch(`${target}?jobId=${jobId}`)
      const uuid = '"uuid":"GUID-[^"]+"'
      expect(await response.text()).toMatch(
        new RegExp(
          `^\\{"jobId":"${jobId}","status":"SUCCESS","assets":\\[` +
            `\\{"path":"/content/dam/jobs/a.dita",${uuid},"status":"PENDING","exists":true\\},` +
            `\\{"path":"/content/dam/jobs/b.dita",${uuid},"status":"PENDING","exists":true\\},` +
            `\\{"path":"/content/dam/jobs/with, comma & ünï.dita",${uuid},"status":"PENDING","exists":true\\}\\]\\}$`,
        ),
      )
      expect(response.headers.get('x-total-count')).toBe('3')
    })

    it.each([
      ['small', ['/content/dam/jobs']],
      // Longer than what is remembered and sent in one piece.
      ['long', Array.from({ length: 1000 }, (_, index) => `/content/dam/jobs/missing/${String(index).padStart(40, '0')}.dita`)],
    ])('sends the stored bytes of a %s list to who takes gzip, the same list to who does not', async (_length, paths) => {
      const jobId = await finished({ paths })
      const plain = await http.fetch(`${target}?jobId=${jobId}`, { headers: { 'accept-encoding': 'identity' } })
      expect(plain.headers.get('content-encoding')).toBeNull()
      const packed = await http.server.inject({ url: `${target}?jobId=${jobId}`, headers: { 'accept-encoding': 'gzip', ...admin } })
      expect(packed.headers['content-encoding']).toBe('gzip')
      const text = await plain.text()
      expect(gunzipSync(packed.rawPayload).toString()).toBe(text)
      expect((JSON.parse(text) as { assets: unknown[] }).assets).toHaveLength(paths.length === 1 ? 4 : paths.length)
    })

    it('answers 304 to who has the list already', async () => {
      const jobId = await finished({ paths: ['/content/dam/jobs'] })
      const first = await http.fetch(`${target}?jobId=${jobId}`)
      await first.text()
      const second = await http.fetch(`${target}?jobId=${jobId}`, { headers: { 'if-none-match': first.headers.get('etag')! } })
      expect(second.status).toBe(304)
      expect(await second.text()).toBe('')
    })

    it('narrows a finished list and leads to the next part', async () => {
      const jobId = await finished({ paths: ['/content/dam/jobs', '/content/dam/typo'] })
      const paths: string[] = []
      let next: string | null = `${target}?jobId=${jobId}&assetStatus=PENDING&limit=3`
      while (next) {
        const response: Response = await http.fetch(next)
        expect(response.headers.get('x-total-count')).toBe('4')
        const { assets } = (await response.json()) as { assets: { path: string; status: string }[] }
        paths.push(...assets.map((asset) => asset.path))
        next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null
      }
      expect(paths).toHaveLength(4)
      const failed = await http.fetch(`${target}?jobId=${jobId}&assetStatus=FAILURE`)
      expect(await failed.json()).toMatchObject({ assets: [{ path: '/content/dam/typo', status: 'FAILURE', exists: false }] })
    })

    it('lists nothing as an empty list', async () => {
      const jobId = await finished({ paths: ['/content/dam/jobs'], excludedPaths: ['/content/dam/jobs'] })
      const response = await http.fetch(`${target}?jobId=${jobId}`)
      expect(await response.text()).toBe(`{"jobId":"${jobId}","status":"SUCCESS","assets":[]}`)
    })

    it.each([
      ['', 400, 'ASSAY-JOB-ID-MISSING'],
      ['?jobId=', 400, 'ASSAY-JOB-ID-MISSING'],
      ['?jobId=akjhdfalkj1132', 404, 'ASSAY-JOB-NOT-FOUND'],
      ['?jobId=6f3f3f4e-0000-4000-8000-000000000000', 404, 'ASSAY-JOB-NOT-FOUND'],
      ['?jobId=x&limit=0', 400, 'ASSAY-INVALID-INPUT'],
      ['?jobId=x&assetStatus=DONE', 400, 'ASSAY-INVALID-INPUT'],
      ['?jobId=x&jobId=y', 400, 'ASSAY-INVALID-INPUT'],
    ])('refuses %j with %i', async (query, status, code) => {
      const response = await http.fetch(target + query)
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({ code, status })
    })

    it('says nothing of the list in the answer that it cannot be read', async () => {
      const jobId = await finished({ paths: ['/content/dam/jobs'] })
      const damaged = { gzip: Buffer.from('damaged') }
      await http.database.kysely.updateTable('assay.status_job_chunk').set(damaged).where('job_id', '=', jobId).execute()
      const response = await http.fetch(`${target}?jobId=${jobId}`, { headers: { 'accept-encoding': 'gzip' } })
      expect(response.status).toBe(500)
      expect(await response.json()).toMatchObject({ code: 'ASSAY-INTERNAL' })
      for (const name of ['content-encoding', 'etag', 'vary', 'x-total-count']) expect(response.headers.get(name), name).toBeNull()
      expect(response.headers.get('cache-control')).toBe('no-store')
    })

    it('stops to wait for a client that has left', async () => {
      const waits: AbortSignal[] = []
      const wait: HttpServices['waitForStatusJob'] = (_id, _known, _ms, signal) => {
        waits.push(signal)
        return once(signal, 'abort').then(() => null)
      }
      await using own = await startHttpHarness({ waitForStatusJob: wait }, engine)
      const leaving = new AbortController()
      const init = { headers: { prefer: 'wait=60' }, signal: leaving.signal }
      const started = own.fetch(target, { ...init, method: 'POST', body: 'paths=/content/dam' }).catch(Boolean)
      await own.statusJobStarted()
      const { id } = await own.database.kysely.selectFrom('assay.status_job').select('id').executeTakeFirstOrThrow()
      const polled = own.fetch(`${target}?jobId=${id}`, init).catch(Boolean)
      await eventually(
        async () => waits.length,
        (count) => count === 2,
      )
      leaving.abort()
      await Promise.all([started, polled])
      await eventually(async () => waits.every(({ aborted }) => aborted), Boolean)
    })

    it('answers 410 once the time of the result is over', async () => {
      const jobId = await finished({ paths: ['/content/dam/jobs'] })
      expect((await http.fetch(`${target}?jobId=${jobId}`)).status).toBe(200)
      await http.database.kysely
        .updateTable('assay.status_job')
        .set({ expires_at: new Date(0) })
        .where('id', '=', jobId)
        .execute()
      const response = await http.fetch(`${target}?jobId=${jobId}`)
      expect(response.status).toBe(410)
      expect(await response.json()).toMatchObject({ code: 'ASSAY-JOB-EXPIRED' })
    })

    it('answers 410 where the list is removed just before it is read', async () => {
      const jobId = await finished({ paths: ['/content/dam/jobs'] })
      const reader = createStatusJobReader(http.database)
      const [job, chunks] = [await reader.find(jobId), await listStatusListChunks(http.database.kysely, jobId)]
      await http.database.kysely.deleteFrom('assay.status_job_chunk').where('job_id', '=', jobId).execute()
      const error: unknown = await reader.readSmall(job!, chunks).catch((reason: unknown) => reason)
      expect(toApiError(error).kind.code).toBe('ASSAY-JOB-EXPIRED')
    })
  })
})
