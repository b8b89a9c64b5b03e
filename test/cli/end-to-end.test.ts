import { appendFile, cp, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyDataDirectory } from '../support/test-database.ts'
import { runAssay, type ServingProcess, startServing } from './run-assay.ts'

const garden = fileURLToPath(new URL('../../examples/garden', import.meta.url))
const target = '/content/dam/garden'

let folder: string
let server: ServingProcess
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-cli-'))
  await cp(garden, join(folder, 'garden'), { recursive: true })
  await copyDataDirectory(join(folder, 'assay-data'))
  server = await startServing({ folder })
}, 120_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

function assay(...argv: string[]) {
  return runAssay(argv, { folder, settings: { ASSAY_URL: server.url } })
}

test('the first start keeps its password where only the owner can read it', async () => {
  expect((await stat(join(folder, 'assay-data', 'admin-password'))).mode & 0o777).toBe(0o600)
})

test('an import sends everything once, then only what differs', async () => {
  expect(await assay('import', 'garden', target)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/14 files .* 14 created {3}0 updated {3}0 unchanged/),
  })
  await appendFile(join(folder, 'garden/topics/soil.dita'), '\n')
  expect(await assay('import', 'garden', target)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/0 created {3}1 updated {3}13 unchanged/),
  })
})

test('status waits, exits with 1 and tells each failure with place, code and remedy', async () => {
  const { code, out } = await assay('status', target, '--wait', '--timeout', '60', '--warnings')
  expect(code).toBe(1)
  expect(out).toMatch(/^14 assets {3}13 succeeded {3}1 failed\n/)
  expect(out).toMatch(/✗ \/content\/dam\/garden\/topics\/harvest\.dita\n {2}\d+:\d+ +NOT_WELL_FORMED {2}\S/)
  for (const code of [
    'REF_TARGET_MISSING',
    'DUPLICATE_ID',
    'CONREF_UNRESOLVED',
    'REF_CASE_MISMATCH',
    'MISSING_TITLE',
    'REF_FRAGMENT_MISSING',
  ]) {
    expect(out).toContain(code)
  }
})

test('without --warnings it says how many there are to see, beside the result', async () => {
  expect(await assay('status', target)).toMatchObject({ code: 1, err: '5 assets with warnings: --warnings shows them.\n' })
  expect(await assay('status', target, '--json')).toMatchObject({ code: 1, err: '' })
})

test('warnings of an asset that is named itself are shown too, in whatever spelling', async () => {
  const { code, out } = await assay('status', `${target.slice(1)}/topics/sowing.dita/`, '--warnings')
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringMatching(/^1 asset {3}1 succeeded\n\n! .*sowing\.dita\n {2}8:13 +DUPLICATE_ID/),
  })
})

test('what is excluded is not counted, and then everything is ready', async () => {
  expect(await assay('status', target, '--exclude', `${target}/topics/harvest.dita`)).toMatchObject({
    code: 0,
    out: '13 assets   13 succeeded\n',
  })
})

test('rules leave assets out, say so, and which of them decides', async () => {
  const drafts = `${target}/topics`
  expect(await assay('rules', 'add', 'ignored', drafts)).toMatchObject({
    code: 0,
    err: expect.stringMatching(/^0 assets newly .*, \d+ assets no longer/),
  })
  expect(await assay('rules', 'list')).toMatchObject({
    code: 0,
    out: expect.stringContaining(`ignored  ${drafts}\nenabled  /content/dam\n`),
  })
  expect(await assay('status', target)).toMatchObject({ code: 0, err: expect.stringMatching(/^Path rules leave out \d+ more assets/m) })
  expect((await assay('rules', 'test', `${drafts}/soil.dita`, target)).out).toMatch(
    /^– .*soil\.dita: It is not post-processed.*“.*topics”\.\n✓ .*: It is post-processed/,
  )
  expect((await assay('process', target, '--dry-run')).out).toMatch(
    new RegExp(`\\n +(\\d+) left out by path rules\\n +\\1 by ${drafts}\\n$`),
  )
  expect(await assay('rules', 'add', 'ignored', 'regex:(')).toMatchObject({
    code: 2,
    err: expect.stringContaining('regex:( is not a regular expression'),
  })
  expect(await assay('rules', 'remove', 'ignored', '/content/dam/none')).toMatchObject({ code: 2 })
  expect(await assay('rules', 'remove', 'ignored', drafts)).toMatchObject({ code: 0 })
  expect((await assay('status', target, '--wait')).out).toMatch(/^14 assets/)
})

test('a typing mistake in a path is no success', async () => {
  expect(await assay('status', '/content/dam/gardn')).toMatchObject({ code: 1, out: expect.stringContaining('1 not found') })
})

test('each path that cannot be used is named with its reason', async () => {
  const { code, out, err } = await assay('status', '/content/dam/../x', target, '/content/dam/./y')
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(
    /^assay: Some paths cannot be used\.\n {2}\/content\/dam\/\.\.\/x contains a "\.\." segment.*\n {2}\/content\/dam\/\.\/y .*\n/,
  )
})

test('files with impossible names fail alone and are named', async () => {
  await writeFile(join(folder, 'garden', 'two\nlines.dita'), '<topic/>')
  await writeFile(join(folder, 'garden', '100% [odd] 😀.dita'), '<topic id="t"><title>Odd</title></topic>')
  const { code, out } = await assay('import', 'garden', target)
  expect(code).toBe(1)
  expect(out).toMatch(/1 created {3}0 updated {3}14 unchanged {3}1 failed/)
  expect(out).toContain('✗ two\\nlines.dita: its name contains a control character: remove it')
  expect((await assay('status', `${target}/100% [odd] 😀.dita`, '--wait')).code).toBe(0)
})

test('process says what it would do, does it, and tells each failure', async () => {
  const dry = await assay('process', target, '--exclude', `${target}/reuse`, '--type', 'ditatopic', '--dry-run')
  expect(dry).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+ assets would be processed {3}\d+ DITATOPIC\n +\d+ left out by --exclude /),
  })
  const { code, out } = await assay('process', target, '--wait', '--timeout', '60')
  expect(code).toBe(1)
  expect(out).toMatch(
    /^finished in \d.*s {3}15 assets {3}14 succeeded {3}1 failed\n\n✗ \/content\/dam\/garden\/topics\/harvest\.dita\n {2}7:38 +NOT_WELL_FORMED/,
  )
  const only = await assay('process', target, '--only', 'failed')
  const id = only.out.trim()
  expect(only).toMatchObject({ code: 0, err: expect.stringContaining(`assay runs show ${id}`) })
  await expect
    .poll(async () => (await assay('runs', 'show', id)).out, { timeout: 30_000 })
    .toMatch(/\nfinished in .* {3}1 asset {3}1 failed\n/)
  expect((await assay('runs', 'log', id, '--tail', '1')).out).toMatch(/ INFO {2}finished: 1 asset, 0 succeeded, 1 failed\n$/)
  expect((await assay('runs', 'list', '--limit', '1')).out).toMatch(new RegExp(`^${id} {2}finished`))
  expect(await assay('runs', 'cancel', id)).toMatchObject({
    code: 6,
    err: expect.stringContaining('The run is SUCCESS and cannot be cancelled.'),
  })
  expect(await assay('runs', 'restart', id, '--wait')).toMatchObject({ code: 1 })
  expect(await assay('process', '/content/dam/nowhere')).toMatchObject({ code: 6 })
  expect(await assay('process', target, '--type', 'pdf')).toMatchObject({ code: 2 })
})

test('a token may do what its scope says, until it is revoked', async () => {
  const created = await assay('token', 'create', 'pipeline', '--days', '1')
  expect(created).toMatchObject({ code: 0, out: expect.stringMatching(/^asy_\w+\n$/) })
  const token = created.out.trim()
  expect((await assay('status', target, '--token', token)).code).toBe(1)
  expect((await assay('import', 'garden', '/content/dam/elsewhere', '--token', token)).code).toBe(4)
  const listed = await assay('token', 'list')
  expect(listed.out).toMatch(/^\S+ {2}read .* pipeline\n$/)
  expect(listed.out).not.toContain(token)
  expect((await assay('token', 'revoke', listed.out.split(' ')[0]!)).code).toBe(0)
  expect((await assay('status', target, '--token', token)).code).toBe(4)
})

test('a wrong password is told as such', async () => {
  expect(await assay('status', target, '--password', 'wrong')).toMatchObject({
    code: 4,
    err: expect.stringContaining('does not accept the credential'),
  })
})

test('a second server on the same data is refused in a sentence', async () => {
  const { code, err } = await runAssay(['serve', '--port', '0'], { folder })
  expect(code).not.toBe(0)
  expect(err).toMatch(/^assay: \S.*\n/)
  expect(err).not.toMatch(/\n\s+at /)
})

test('a port in use is told before anything is made, with the setting that changes it', async () => {
  const { port } = new URL(server.url)
  const { code, out, err } = await runAssay(['serve', '--port', port, '--data-dir', 'other-data'], { folder })
  expect({ code, out }).toEqual({ code: 6, out: '' })
  expect(err).toMatch(new RegExp(`^assay: Port ${port} of 127\\.0\\.0\\.1 is in use .*\n.*--port \\(ASSAY_PORT\\)\\.\n$`))
  expect(await readdir(join(folder, 'other-data'))).toEqual(['admin-password'])
})

test('asked to stop, the server ends with 0 and everything is there after the next start', async () => {
  expect(await server.stop()).toBe(0)
  server = await startServing({ folder })
  expect((await assay('status', target, '--wait')).out).toMatch(/^15 assets {3}14 succeeded {3}1 failed\n/)
})

test('events tells what has happened to an asset, with reasons, as text and as JSON', async () => {
  const wanted = ['events', '--type', 'assay.asset.processed', '--path', `${target}/topics/harvest.dita`]
  const { code, out } = await assay(...wanted)
  expect(code).toBe(0)
  const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`
  expect(out).toMatch(
    new RegExp(`^${time}  assay.asset.processed  FAILURE  system  ${target}/topics/harvest.dita\n  NOT_WELL_FORMED  \\S.*\n`),
  )
  const lines = (await assay(...wanted, '--json')).out.trimEnd().split('\n')
  expect(JSON.parse(lines[0]!)).toMatchObject({ type: 'assay.asset.processed', status: 'FAILURE' })
  expect(await assay(...wanted, '--after', 'latest')).toMatchObject({ code: 0, out: '' })
  expect(await assay('events', '--type', 'asset.eaten')).toMatchObject({ code: 2, err: expect.stringContaining('type') })
})

test('audit tells who changed an asset, as text and as JSON, both ways round and as many as asked for', async () => {
  const path = `${target}/topics/soil.dita`
  const wanted = ['audit', '--path', path, '--type', 'asset.received', '--actor', 'admin']
  const { code, out } = await assay(...wanted)
  expect(code).toBe(0)
  const lines = out.trimEnd().split('\n')
  expect(lines.length).toBeGreaterThan(1)
  for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}assay\.asset\.received {2}admin {2}\S+$/)
  const json = await assay(...wanted, '--json', '--order', 'oldest', '--limit', '1', '--since', '2020-01-01')
  expect(JSON.parse(json.out)).toMatchObject({ type: 'assay.asset.received', actor: 'admin', path, revision: 1 })
  expect(await assay(...wanted, '--until', '2020-01-01T00:00:00Z')).toMatchObject({ code: 0, out: '' })
  expect(await assay('audit', '--actor', 'nobody')).toMatchObject({ code: 2, err: expect.stringContaining('actor') })
  expect(await assay('audit', '--limit', '0')).toMatchObject({ code: 2, err: expect.stringContaining('--limit') })
})
