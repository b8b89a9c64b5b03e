import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Authenticator } from '../../src/http/auth/authenticator.ts'
import { CredentialMemory } from '../../src/http/auth/credential-memory.ts'
import { FailureLedger } from '../../src/http/auth/failure-ledger.ts'
import { sourceOf } from '../../src/http/auth/source-of.ts'
import { createTokenParts, formatToken, parseToken } from '../../src/http/auth/token-text.ts'
import { authenticateRequests } from '../../src/http/plugins/authenticate.ts'
import type { Server } from '../../src/http/server.ts'
import { authFailuresBeforeDelay, authFailureWindowMs, authTryIntervalMs, verifiedCredentialMs } from '../../src/model/http-limits.ts'
import { adminPassword, type HttpHarness, startHttpHarness, trustedProxy } from './http-harness.ts'
import { type Needs, routes } from './route-matrix.ts'

let http: HttpHarness
/** Every kind of caller, by what is sent as Authorization; `null`: nothing. */
const identities = new Map<string, string | null>([
  ['nobody', null],
  ['wrong password', `Basic ${btoa('admin:wrong')}`],
  ['other user', `Basic ${btoa(`root:${adminPassword}`)}`],
  ['no credential', 'Basic ???'],
  ['other scheme', 'Digest username="admin"'],
])

beforeAll(async () => {
  http = await startHttpHarness()
  for (const scope of ['read', 'write', 'admin']) identities.set(scope, `Bearer ${await createToken({ scopes: [scope] })}`)
  const expired = await createToken({ scopes: ['admin'] })
  await http.database.kysely
    .updateTable('assay.api_token')
    .set({ expires_at: new Date(0) })
    .where('id', '=', parseToken(expired)!.id)
    .execute()
  const revoked = await createToken({ scopes: ['admin'] })
  expect((await http.fetch(`/api/v1/tokens/${parseToken(revoked)!.id}`, { method: 'DELETE' })).status).toBe(204)
  const wrong = formatToken({ ...parseToken(revoked)!, secret: createTokenParts().secret })
  const bearers = { expired, revoked, 'wrong secret': wrong, unknown: formatToken(createTokenParts()), 'not ours': 'eyJhbGciOi.J9.x' }
  for (const [name, token] of Object.entries(bearers)) identities.set(name, `Bearer ${token}`)
  identities.set('password', `Basic ${btoa(`admin:${adminPassword}`)}`)
}, 60_000)
afterAll(() => http[Symbol.asyncDispose]())

async function createToken(body: object): Promise<string> {
  const init = { method: 'POST', body: JSON.stringify({ name: 'test', ...body }), headers: { 'content-type': 'application/json' } }
  const response = await http.fetch('/api/v1/tokens', init)
  expect(response.status).toBe(201)
  return ((await response.json()) as { token: string }).token
}

const granted: Readonly<Record<string, readonly Needs[]>> = {
  read: ['read'],
  write: ['read', 'write'],
  admin: ['read', 'write', 'admin'],
  password: ['read', 'write', 'admin'],
}

it('refuses a route that does not say which scope it needs, before the server starts', () => {
  const server = Fastify() as unknown as Server
  authenticateRequests(server, {} as Authenticator)
  expect(() => server.get('/open', async () => 'open')).toThrow('The route GET /open does not say which scope it needs.')
  server.get('/closed', { config: { scope: 'read' } }, async () => 'closed')
})

describe('every route', () => {
  it('is in the matrix', async () => {
    const { paths } = (await (await http.fetch('/openapi.json')).json()) as { paths: Record<string, object> }
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace('{path}', '*').replace(/\{(\w+)\}/g, ':$1')}`),
    )
    const rows = routes.flatMap(([method, url]) => (method === 'GET' ? [`GET ${url}`, `HEAD ${url}`] : [`${method} ${url}`]))
    expect(described.filter((route) => !rows.includes(route))).toEqual([])
    // Also those that the description leaves out.
    const told = http.server.printRoutes({ commonPrefix: true, includeHooks: false })
    expect([...told.matchAll(/\(([A-Z, ]+)\)/g)].flatMap((match) => match[1]!.split(', '))).toHaveLength(rows.length)
    for (const [method, address] of routes) {
      const [, url = address, operation] = /^(.*\*)\.(.+)$/.exec(address) ?? []
      const constraints = operation === undefined ? {} : { operation }
      expect(http.server.hasRoute({ method, url, constraints }), `${method} ${address}`).toBe(true)
    }
  })

  it.each(routes)('%s %s needs %s', async (method, url, needs) => {
    const target = http.url + url.replace('*', 'none').replace(/:\w+/g, 'none')
    const found: Record<string, number | string> = {}
    const expected: typeof found = {}
    for (const [name, authorization] of identities) {
      const response = await fetch(target, { method, headers: authorization === null ? {} : { authorization } })
      // A public route may have other reasons to refuse, such as a signature.
      const refused = [401, 403, 429].includes(response.status) && !(await response.text()).includes('ASSAY-UPLOAD-URI-INVALID')
      found[name] = refused ? response.status : 'let in'
      const isKnown = granted[name] !== undefined
      expected[name] = needs === 'public' || granted[name]?.includes(needs) ? 'let in' : isKnown ? 403 : 401
      const challenge = response.headers.get('www-authenticate')
      expect(challenge).toBe(found[name] === 401 ? 'Basic realm="Assay", charset="UTF-8", Bearer realm="Assay"' : null)
    }
    expect(found).toEqual(expected)
    if (method === 'GET') expect((await fetch(target, { method: 'HEAD' })).status === 401).toBe(needs !== 'public')
  })

  it('must say its scope, or the server does not start', () => {
    expect(() => http.server.route({ method: 'GET', url: '/open', handler: async () => 'x' })).toThrow()
  })
})

describe('tokens', () => {
  it('are kept as digests only, and shown once', async () => {
    const token = await createToken({ scopes: ['read'] })
    const { secret } = parseToken(token)!
    const rows = await http.database.kysely.selectFrom('assay.api_token').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(await (await http.fetch('/api/v1/tokens')).text()).not.toContain(secret)
  })

  it('are listed in pages, newest first', async () => {
    const page = async (query: string) =>
      (await (await http.fetch(`/api/v1/tokens?${query}`)).json()) as { items: { id: string }[]; nextCursor: string | null }
    const all = await page('limit=1000')
    const found: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const part = await page(`limit=3${cursor && `&cursor=${cursor}`}`)
      found.push(...part.items.map(({ id }) => id))
      cursor = part.nextCursor
    }
    expect(found.length).toBeGreaterThan(4)
    expect([found, all.nextCursor]).toEqual([all.items.map(({ id }) => id), null])
    expect((await http.fetch('/api/v1/tokens?cursor=none')).status).toBe(400)
  })

  it.each([
    [{ name: '', scopes: ['read'] }, '/name'],
    [{ name: 'x', scopes: [] }, '/scopes'],
    [{ name: 'x', scopes: ['root'] }, '/scopes/0'],
    [{ name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    [{ name: 'x', scopes: ['read'], expiresAt: 'tomorrow' }, '/expiresAt'],
    [{ name: 'x', scopes: ['read'], expiresAt: '9999-12-31T23:59:59-23:00' }, '/expiresAt'],
    [{ name: 'x', scopes: ['read'], secret: 'mine' }, '/secret'],
  ])('are not made from %j', async (body, pointer) => {
    const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await http.fetch('/api/v1/tokens', init)
    expect(response.status).toBe(400)
    expect(((await response.json()) as { errors: object[] }).errors).toContainEqual(expect.objectContaining({ pointer }))
  })
})

it('what was proved is relied on for a while, or until the credential ends, however the clock of the machine is set', () => {
  let now = 0
  const memory = new CredentialMemory(() => now)
  const identity = { name: 'token:1', scopes: ['read'] } as const
  memory.rememberRight('lasts', identity, null)
  memory.rememberRight('ends', identity, 1000)
  memory.rememberWrong('wrong')
  const fresh = () => ['lasts', 'ends', 'wrong'].filter((digest) => memory.recall(digest)?.isFresh)
  expect(fresh()).toEqual(['lasts', 'ends', 'wrong'])
  now = 1001
  expect(fresh()).toEqual(['lasts', 'wrong'])
  now = verifiedCredentialMs + 1
  expect(fresh()).toEqual([])
})

describe('guessing', () => {
  it('is held to one try each six seconds after the first few, however many come at once, and forgotten after a quiet while', () => {
    let now = 0
    const ledger = new FailureLedger(() => now)
    const book = () => ledger.book('admin 1.2.3.4')
    for (let guess = 0; guess < authFailuresBeforeDelay; guess++) expect(book()).toEqual({ mayTry: true, waitMs: 0 })
    expect(book()).toEqual({ mayTry: true, waitMs: authTryIntervalMs })
    expect(book()).toEqual({ mayTry: false, waitMs: 2 * authTryIntervalMs })
    expect(ledger.book('admin 4.3.2.1').waitMs).toBe(0)
    let tries = 0
    for (; now < 600_000; now += 100) if (book().mayTry) tries++
    expect(tries).toBeGreaterThanOrEqual(98)
    expect(tries).toBeLessThanOrEqual(101)
    now += authFailureWindowMs + 2 * authTryIntervalMs
    expect(book()).toEqual({ mayTry: true, waitMs: 0 })
    ledger.forget('admin 1.2.3.4')
    for (let guess = 0; guess < authFailuresBeforeDelay; guess++) expect(book().waitMs).toBe(0)
  })

  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::99', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('from %s comes from %s', (address, source) => expect(sourceOf(address)).toBe(source))

  it('in parallel gets a few answers and no more, and holds up neither who has proved itself nor who comes from elsewhere', async () => {
    await (await http.fetch('/api/v1/folders')).text()
    const held = new AbortController()
    const folders = async (authorization: string) => {
      const response = await fetch(`${http.url}/api/v1/folders`, { headers: { authorization }, signal: held.signal })
      await response.text()
      if (response.status === 429) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      return response.status
    }
    const guesses = Array.from({ length: 40 }, () => folders(`Basic ${btoa(`admin:${Math.random()}`)}`))
    const answers: number[] = []
    for (const guess of guesses) guess.then((status) => answers.push(status), Boolean)
    await expect.poll(() => answers.length).toBe(guesses.length - 1)
    expect(answers.filter((status) => status === 401).length).toBeLessThanOrEqual(authFailuresBeforeDelay)
    expect((await http.fetch('/api/v1/folders')).status).toBe(200)
    // The same password, written so that it has not been seen before.
    const unseen = { authorization: `basic ${btoa(`admin:${adminPassword}`)}`, 'x-forwarded-for': '203.0.113.9' }
    const from = (remoteAddress: string) => http.server.inject({ url: '/api/v1/folders', headers: unseen, remoteAddress })
    expect((await from('127.0.0.1')).statusCode).toBe(429)
    expect((await from(trustedProxy)).statusCode).toBe(200)
    held.abort()
  })
})

describe('pages of other sites', () => {
  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ 'sec-fetch-site': 'none' }, 200],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 200],
  ])('%j: %i', async (headers, status) => {
    const response = await http.server.inject({
      method: 'POST',
      url: '/bin/guides/v1/assets/status?paths=/content/dam',
      headers: { ...headers, authorization: identities.get('password')! },
    })
    expect(response.statusCode).toBe(status)
  })

  it('may be served with a token, which no browser sends by itself', async () => {
    const headers = { origin: 'https://docs.example', authorization: identities.get('read')! }
    const response = await http.server.inject({ method: 'POST', url: '/bin/guides/v1/assets/status?paths=/content/dam', headers })
    expect(response.statusCode).toBe(200)
  })
})
