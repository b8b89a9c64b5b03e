import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importRequestsAtOnce, importTogetherBytes } from '../../src/model/client-limits.ts'
import { type OtherSide, type ScriptedAnswer, startOtherSide } from '../client/other-side.ts'
import { runAssay } from './run-assay.ts'

const explanation = {
  problems: [
    {
      code: 'NOT_WELL_FORMED',
      severity: 'error',
      message: 'The tag <b> is not \u001b[31mclosed.',
      remedy: 'Close it.',
      line: 7,
      column: 3,
      excerpt: '',
    },
  ],
}

function listing(...statuses: string[]): object {
  return {
    jobId: 'j',
    status: 'SUCCESS',
    assets: statuses.map((status, n) => ({ path: `/content/dam/${n}.dita`, uuid: `GUID-${n}`, status, exists: true })),
  }
}

function answering(job: ScriptedAnswer, asset: ScriptedAnswer = { body: explanation }): Promise<OtherSide> {
  return startOtherSide(({ url }) => (url.startsWith('/bin/guides') ? job : asset))
}

function settingsOf(side: OtherSide): { settings: Record<string, string> } {
  return { settings: { ASSAY_URL: side.url, ASSAY_TOKEN: 't' } }
}

test.each<[string, string[], ScriptedAnswer, number]>([
  ['all succeeded', [], { body: listing('SUCCESS', 'SUCCESS') }, 0],
  ['nothing there', [], { body: listing() }, 0],
  ['some failed', [], { body: listing('SUCCESS', 'FAILURE') }, 1],
  ['a wrong option', ['--no-such-option'], { body: listing() }, 2],
  ['a time limit that is none', ['--wait', '--timeout', 'soon'], { body: listing() }, 2],
  ['not finished', [], { body: listing('SUCCESS', 'PROCESSING') }, 3],
  ['time limit', ['--wait', '--timeout', '0.2'], { body: listing('FAILURE', 'PENDING') }, 3],
  ['not authorised', [], { status: 401 }, 4],
  ['not allowed', [], { status: 403 }, 4],
  ['a wrong path', [], { status: 400, body: { detail: 'paths/0 contains a ".." segment.' } }, 2],
  ['refused', [], { status: 413, body: { detail: 'These are too many paths.' } }, 6],
])('status, %s', async (_, options, answer, code) => {
  await using side = await answering(answer)
  const ended = await runAssay(['status', '/content/dam', ...options], settingsOf(side))
  expect({ code: ended.code, err: ended.err }).toMatchObject({ code })
  expect(ended.err).not.toMatch(/\n\s+at /)
  if (code > 3 || code === 2) expect(ended.out).toBe('')
})

test('a time limit that passes before the first list is no success', async () => {
  await using side = await answering({ body: { jobId: 'j', status: 'PROCESSING' } })
  const { code, err } = await runAssay(['status', '/content/dam', '--wait', '--timeout', '0.01'], settingsOf(side))
  expect({ code, err }).toEqual({ code: 3, err: 'The time limit passed before everything was finished.\n' })
})

test('status, server unreachable: a sentence and what to do', async () => {
  const side = await answering({})
  await side[Symbol.asyncDispose]()
  expect(await runAssay(['status', '/content/dam'], settingsOf(side))).toEqual({
    code: 5,
    out: '',
    err: `assay: No answer from ${side.url} (ECONNREFUSED).\nStart a server with "assay serve", or name another with --url (ASSAY_URL).\n`,
  })
})

test('status shows counts and the reason of each failure, without colours and harmless to a terminal', async () => {
  await using side = await answering({ body: listing('SUCCESS', 'FAILURE', 'PENDING') })
  const { out } = await runAssay(['status', '/content/dam'], settingsOf(side))
  expect(out).toBe(`3 assets   1 succeeded   1 failed   1 waiting

✗ /content/dam/1.dita
  7:3     NOT_WELL_FORMED  The tag <b> is not \\u001b[31mclosed.
          → Close it.
`)
})

test('status of a path that does not exist says so', async () => {
  const assets = [{ path: '/content/dam/typo', status: 'FAILURE', exists: false }]
  await using side = await answering({ body: { jobId: 'j', status: 'SUCCESS', assets } })
  const { code, out } = await runAssay(['status', '/content/dam/typo'], settingsOf(side))
  expect(code).toBe(1)
  expect(out).toContain('1 not found')
  expect(out).toContain('There is no asset and no folder at this path.')
})

test('status against a server without reasons still tells what failed', async () => {
  await using side = await answering({ body: listing('FAILURE') }, { status: 404, body: 'no such servlet' })
  const { code, out } = await runAssay(['status', '/content/dam'], settingsOf(side))
  expect(code).toBe(1)
  expect(out).toContain('This server gives no reasons.')
})

test('--json prints one object with the list as it came and the problems', async () => {
  await using side = await answering({ body: listing('SUCCESS', 'FAILURE') })
  const { out } = await runAssay(['status', '/content/dam', '--json'], settingsOf(side))
  expect(JSON.parse(out)).toEqual({
    counts: { PENDING: 0, PROCESSING: 0, SUCCESS: 1, FAILURE: 1, missing: 0, ignored: 0 },
    assets: [
      { path: '/content/dam/0.dita', uuid: 'GUID-0', status: 'SUCCESS', exists: true },
      { path: '/content/dam/1.dita', uuid: 'GUID-1', status: 'FAILURE', exists: true, problems: explanation.problems },
    ],
  })
})

test('--exclude does not swallow the paths that follow it', async () => {
  await using side = await answering({ body: listing() })
  await runAssay(['status', '--exclude', '/content/dam/x', '--exclude', '/content/dam/y', '/content/dam'], settingsOf(side))
  expect(JSON.parse(side.seen[0]?.body ?? '')).toEqual({ paths: ['/content/dam'], excludedPaths: ['/content/dam/x', '/content/dam/y'] })
})

test('serve refuses wrong settings, all at once and by name', async () => {
  const { code, err } = await runAssay(['serve', '--port', 'x'], { settings: { ASSAY_ROLE: 'api', ASSAY_THREADS: '0' } })
  expect(code).toBe(2)
  expect(err).toContain('--port must be a whole number')
  expect(err).toContain('ASSAY_THREADS must be a whole number')
})

test('an import that breaks off says how far it came and that it can go on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-import-'))
  const total = importRequestsAtOnce + 1
  for (let n = 0; n < total; n++) await writeFile(join(folder, `${n}.bin`), Buffer.alloc(importTogetherBytes + 1))
  let uploads = 0
  await using side = await startOtherSide(({ method }) => {
    if (method !== 'PUT') return { status: 404, body: 'no such servlet' }
    return ++uploads < total ? { body: { path: '/content/dam/x', uuid: 'u', revision: 1, outcome: 'created' } } : { status: 401 }
  })
  const { code, out, err } = await runAssay(['import', folder, '/content/dam/x'], settingsOf(side))
  await rm(folder, { recursive: true })
  expect({ code, out }).toEqual({ code: 4, out: '' })
  expect(err).toMatch(new RegExp(`^The import broke off after [1-${total}] of ${total} files. Repeat it to go on from there.\\nassay: `))
})

test('--help and --version work and exit with 0', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(await runAssay(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  expect(await runAssay(['--help'])).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Exit codes:') })
})

test.each([
  [['import', '/no/such/folder', '/content/dam/x'], /There is no folder "\/no\/such\/folder"/],
  [['import', tmpdir(), '/etc'], /must be \/content\/dam or lie below it/],
  [['import', tmpdir(), '/content/dam/../etc'], /contains a "\.\." segment/],
  [['status', '/content/dam', '--url', 'ftp://x'], /"ftp:\/\/x" is no URL/],
  [['status', '/content/dam', '--user', 'bob'], /--user needs a password/],
  [['token', 'create', 'x', '--scope', 'root'], /--scope must be one of read, write, admin/],
])('%j is a usage error', async (argv, message) => {
  const { code, err } = await runAssay(argv)
  expect(code).toBe(2)
  expect(err).toMatch(message)
})
