import { expect, test } from 'vitest'
import { ClientError, createClient } from '../../src/client/index.ts'
import { type OtherSide, type ScriptedAnswer, type SeenRequest, startOtherSide } from './other-side.ts'

const credential = { user: 'admin', password: 'pässword' }

function listed(path: string, status: string): object {
  return { path, uuid: `GUID-${path}`, status, exists: true }
}

function clientOf(side: OtherSide) {
  return createClient({ url: `${side.url}/`, credential })
}

async function failureOf(work: Promise<unknown>): Promise<ClientError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ClientError)
  return error as ClientError
}

test('a status job is started with the documented body and polled to its list', async () => {
  await using side = await startOtherSide(({ method }, index) =>
    method === 'POST'
      ? { body: { jobId: 'j 1', status: 'WAITING' } }
      : index === 1
        ? { body: { jobId: 'j 1', status: 'PROCESSING' } }
        : { body: { jobId: 'j 1', status: 'SUCCESS', assets: [listed('/content/dam/a.dita', 'FAILURE')] } },
  )
  const { assets } = await clientOf(side).collectStatus(['/content/dam'], { excluded: ['/content/dam/x'] })
  expect(assets).toEqual([listed('/content/dam/a.dita', 'FAILURE')])
  const [start, poll] = side.seen as [SeenRequest, SeenRequest]
  expect([start.method, start.url, start.headers['content-type']]).toEqual(['POST', '/bin/guides/v1/assets/status', 'application/json'])
  expect(JSON.parse(start.body)).toEqual({ paths: ['/content/dam'], excludedPaths: ['/content/dam/x'] })
  expect(start.headers.authorization).toBe(`Basic ${Buffer.from('admin:pässword').toString('base64')}`)
  expect(start.headers.prefer).toMatch(/^wait=\d+$/)
  expect([poll.method, poll.url]).toEqual(['GET', '/bin/guides/v1/assets/status?jobId=j%201'])
})

test('an answer to the start that holds the list already is not polled again', async () => {
  await using side = await startOtherSide(() => ({ body: { jobId: 'j', status: 'SUCCESS', assets: [] } }))
  expect(await clientOf(side).collectStatus(['/content/dam'], {})).toEqual({ assets: [], ignored: 0 })
  expect(side.seen).toHaveLength(1)
})

test('what real servers add, leave out or blank is tolerated', async () => {
  const odd = { jobId: ' akj 1 ', status: ' SUCCESS', message: 'x', assets: [{ ...listed('/content/dam/a.dita', 'SUCCESS'), size: 3 }] }
  await using side = await startOtherSide(({ method }) => ({
    headers: { 'content-type': 'text/html' },
    body: method === 'POST' ? { jobId: ' akj 1 ', status: 'WAITING' } : odd,
  }))
  const { assets, settled } = await clientOf(side).waitForStatus(['/content/dam'], {})
  expect(settled).toBe(true)
  expect(assets[0]).toMatchObject({ path: '/content/dam/a.dita', status: 'SUCCESS' })
  expect(side.seen[1]?.url).toMatch(/jobId=akj%201$/)
})

test('waiting repeats jobs until nothing is pending, and tells each list', async () => {
  const rounds = [
    ['PENDING', 'PENDING'],
    ['SUCCESS', 'PROCESSING'],
    ['SUCCESS', 'FAILURE'],
  ]
  await using side = await startOtherSide((_, index) => ({
    body: { jobId: 'j', status: 'SUCCESS', assets: rounds[index]?.map((status, n) => listed(`/content/dam/${n}.dita`, status)) },
  }))
  const told: number[] = []
  const onProgress = (assets: readonly { status: string }[]) =>
    told.push(assets.filter(({ status }) => /SUCCESS|FAILURE/.test(status)).length)
  const { assets, settled } = await clientOf(side).waitForStatus(['/content/dam'], { onProgress })
  expect({ settled, statuses: assets.map(({ status }) => status), told }).toEqual({
    settled: true,
    statuses: ['SUCCESS', 'FAILURE'],
    told: [0, 1, 2],
  })
})

test('the time limit ends the waiting with the last list', async () => {
  await using side = await startOtherSide(() => ({
    body: { jobId: 'j', status: 'SUCCESS', assets: [listed('/content/dam/a.dita', 'PENDING')] },
  }))
  const { assets, settled } = await clientOf(side).waitForStatus(['/content/dam'], { timeoutMs: 150 })
  expect({ settled, count: assets.length }).toEqual({ settled: false, count: 1 })
})

test('the caller can stop the waiting', async () => {
  await using side = await startOtherSide(() => ({
    body: { jobId: 'j', status: 'SUCCESS', assets: [listed('/content/dam/a.dita', 'PENDING')] },
  }))
  const stop = new AbortController()
  const waiting = clientOf(side).waitForStatus(['/content/dam'], { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) })
  await expect(waiting).rejects.toThrow('enough')
})

test('a job that the server has lost is started again', async () => {
  const script: ScriptedAnswer[] = [
    { body: { jobId: 'lost', status: 'WAITING' } },
    { status: 404, body: { code: 'ASSAY-JOB-NOT-FOUND', detail: 'There is no such job.' } },
    { body: { jobId: 'new', status: 'SUCCESS', assets: [] } },
  ]
  await using side = await startOtherSide((_, index) => script[index] ?? 'cut')
  expect(await clientOf(side).collectStatus(['/content/dam'], {})).toEqual({ assets: [], ignored: 0 })
})

test.each<[string, ScriptedAnswer, string, RegExp]>([
  ['no credential', { status: 401, body: 'Unauthorized' }, 'unauthorised', /does not accept the credential/],
  ['a redirect to a login page', { status: 302, headers: { location: '/login.html' } }, 'unauthorised', /login page/],
  ['a forbidden path', { status: 403, body: { detail: 'The token has not the scope read.' } }, 'unauthorised', /has not the scope read/],
  ['a login page with status 200', { body: '<!DOCTYPE html><title>Sign in</title>' }, 'protocol', /HTML page/],
  ['no JSON', { body: 'hello' }, 'protocol', /something else where JSON was expected/],
  ['no job id', { body: { status: 'WAITING' } }, 'protocol', /no "jobId"/],
  ['an unknown job status', { body: { jobId: 'j', status: 'DONE' } }, 'protocol', /DONE/],
  [
    'an unknown asset status',
    { body: { jobId: 'j', status: 'SUCCESS', assets: [listed('/a', 'FINE')] } },
    'protocol',
    /unknown form.*FINE/,
  ],
  ['a failed job', { body: { jobId: 'j', status: 'FAILURE' } }, 'server', /could not collect/],
  [
    'a wrong path',
    { status: 400, body: { code: 'ASSAY-INVALID-PATH', detail: 'paths/0 has a "..".', remedy: 'Write it out.' } },
    'refused',
    /paths\/0/,
  ],
  ['a fault', { status: 500, body: { detail: 'Something broke.', requestId: 'r-1' } }, 'server', /Something broke/],
])('%s is told as what it is', async (_, scripted, kind, message) => {
  await using side = await startOtherSide(() => scripted)
  const error = await failureOf(clientOf(side).collectStatus(['/content/dam'], {}))
  expect({ kind: error.kind, message: error.message }).toEqual({ kind, message: expect.stringMatching(message) })
  expect(side.seen).toHaveLength(1)
})

test('a finished job without a list is no empty list', async () => {
  await using side = await startOtherSide(() => ({ body: { jobId: 'j', status: 'SUCCESS' } }))
  expect((await failureOf(clientOf(side).collectStatus(['/content/dam'], {}))).message).toMatch(/no list of assets/)
})
