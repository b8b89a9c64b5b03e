import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FailureLedger } from '../../src/http/auth/failure-ledger.ts'
import { createTokenParts, formatToken, parseToken } from '../../src/http/auth/token-text.ts'
import { authFailuresBeforeDelay, authFailureWindowMs, maxAuthDelayMs } from '../../src/model/limits.ts'
import { type HttpHarness, startHttpHarness } from './http-harness.ts'

let http: HttpHarness
const bearers = new Map<string, string>()

beforeAll(async () => {
  http = await startHttpHarness()
  for (const scope of ['read', 'write', 'admin']) bearers.set(scope, await createToken({ scopes: [scope] }))
  bearers.set('expired', await createToken({ scopes: ['admin'] }))
  const { id } = parseToken(bearers.get('expired')!)!
  await http.database.kysely
    .updateTable('assay.api_token')
    .set({ expires_at: new Date(0) })
    .where('id', '=', id)
    .execute()
  bearers.set('revoked', await createToken({ scopes: ['admin'] }))
  const revoked = parseToken(bearers.get('revoked')!)!
  expect((await http.fetch(`/api/v1/tokens/${revoked.id}`, { method: 'DELETE' })).status).toBe(204)
  bearers.set('wrong secret', formatToken({ ...parseToken(bearers.get('admin')!)!, secret: createTokenParts().secret }))
  bearers.set('unknown', formatToken(createTokenParts()))
  bearers.set('not ours', 'eyJhbGciOi.J9.x')
}, 60_000)
afterAll(() => http[Symbol.asyncDispose]())

async function createToken(body: object): Promise<string> {
  const init = { method: 'POST', body: JSON.stringify({ name: 'test', ...body }), headers: { 'content-type': 'application/json' } }
  const response = await http.fetch('/api/v1/tokens', init)
  expect(response.status).toBe(201)
  return ((await response.json()) as { token: string }).token
}

type Needs = 'public' | 'read' | 'write' | 'admin'

/** Every route with the scope it needs; the test below fails when one is missing here. */
const routes: [string, string, Needs][] = [
  ['GET', '/healthz', 'public'],
  ['GET', '/readyz', 'public'],
  ['GET', '/openapi.json', 'read'],
  ['GET', '/bin/guides/v1/system/status', 'read'],
  ['POST', '/bin/guides/v1/assets/status', 'read'],
  ['GET', '/bin/guides/v1/assets/status', 'read'],
  ['HEAD', '/bin/guides/v1/assets/status', 'read'],
  ['POST', '/bin/guides/v1/asset/import', 'write'],
  ['GET', '/content/dam/*', 'read'],
  ['HEAD', '/content/dam/*', 'read'],
  ['PUT', '/content/dam/*', 'write'],
  ['DELETE', '/content/dam/*', 'write'],
  ['GET', '/api/v1/assets', 'read'],
  ['GET', '/api/v1/assets/by-path', 'read'],
  ['GET', '/api/v1/assets/:uuid', 'read'],
  ['GET', '/api/v1/folders', 'read'],
  ['POST', '/api/v1/folders', 'write'],
  ['GET', '/api/v1/tokens', 'admin'],
  ['POST', '/api/v1/tokens', 'admin'],
  ['DELETE', '/api/v1/tokens/:id', 'admin'],
]

const included: Record<string, readonly Needs[]> = { read: ['read'], write: ['read', 'write'], admin: ['read', 'write', 'admin'] }

describe('every route', () => {
  it('is in the matrix', () => {
    const told = http.server.printRoutes({ commonPrefix: false, includeHooks: false })
    const methods = [...told.matchAll(/\(([A-Z, ]+)\)/g)].flatMap((match) => match[1]!.split(', '))
    expect(methods).toHaveLength(routes.length)
    for (const [method, url] of routes) expect(http.server.hasRoute({ method, url }), `${method} ${url}`).toBe(true)
  })

  it.each(routes)(
    '%s %s needs %s',
    async (method, url, needs) => {
      const target = http.url + url.replace('*', 'none').replace(/:\w+/, 'none')
      const anonymous = await fetch(target, { method })
      await anonymous.text()
      expect(anonymous.status === 401).toBe(needs !== 'public')
      if (needs === 'public') return
      expect(anonymous.headers.get('www-authenticate')).toBe('Basic realm="Assay", charset="UTF-8", Bearer realm="Assay"')
      for (const [name, token] of bearers) {
        // One address guessing at one name is slowed down, which other tests are about.
        if (!included[name] && method !== 'GET') continue
        const response = await fetch(target, { method, headers: { authorization: `Bearer ${token}` } })
        await response.text()
        const expected = included[name] === undefined ? 401 : included[name].includes(needs) ? null : 403
        if (expected === null) expect([401, 403]).not.toContain(response.status)
        else expect(response.status, `${name} token`).toBe(expected)
      }
    },
    60_000,
  )

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

  it.each([
    [{ name: '', scopes: ['read'] }, '/name'],
    [{ name: 'x', scopes: [] }, '/scopes'],
    [{ name: 'x', scopes: ['root'] }, '/scopes/0'],
    [{ name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    [{ name: 'x', scopes: ['read'], expiresAt: 'tomorrow' }, '/expiresAt'],
    [{ name: 'x', scopes: ['read'], secret: 'mine' }, '/secret'],
  ])('are not made from %j', async (body, pointer) => {
    const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await http.fetch('/api/v1/tokens', init)
    expect(response.status).toBe(400)
    expect(((await response.json()) as { errors: object[] }).errors).toContainEqual(expect.objectContaining({ pointer }))
  })
})

describe('guessing', () => {
  it('is slowed down after some failures, by name and address, and forgotten after a while', () => {
    let now = 0
    const ledger = new FailureLedger(() => now)
    for (let failure = 1; failure < authFailuresBeforeDelay; failure++) ledger.recordFailure('admin 1.2.3.4')
    expect(ledger.delayMs('admin 1.2.3.4')).toBe(0)
    ledger.recordFailure('admin 1.2.3.4')
    expect(ledger.delayMs('admin 1.2.3.4')).toBeGreaterThan(0)
    for (let failure = 0; failure < 50; failure++) ledger.recordFailure('admin 1.2.3.4')
    expect(ledger.delayMs('admin 1.2.3.4')).toBe(maxAuthDelayMs)
    expect(ledger.delayMs('admin 4.3.2.1')).toBe(0)
    now = authFailureWindowMs
    expect(ledger.delayMs('admin 1.2.3.4')).toBe(0)
  })

  it('does not hold up who has proved itself from the same address', async () => {
    await (await http.fetch('/api/v1/folders')).text()
    const guess = () => fetch(`${http.url}/api/v1/folders`, { headers: { authorization: `Basic ${btoa(`admin:${Math.random()}`)}` } })
    const guesses = Array.from({ length: 20 }, guess)
    await Promise.all(guesses)
    const startedAt = performance.now()
    const slow = guess().then(() => performance.now() - startedAt)
    const right = http.fetch('/api/v1/folders').then((response) => [response.status, performance.now() - startedAt] as const)
    const [status, rightMs] = await right
    expect(status).toBe(200)
    expect(rightMs).toBeLessThan(await slow)
  }, 30_000)
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
      headers: { ...headers, authorization: `Basic ${btoa('admin:correct horse battery staple')}` },
    })
    expect(response.statusCode).toBe(status)
  })

  it('may be served with a token, which no browser sends by itself', async () => {
    const headers = { origin: 'https://docs.example', authorization: `Bearer ${bearers.get('read')}` }
    const response = await http.server.inject({ method: 'POST', url: '/bin/guides/v1/assets/status?paths=/content/dam', headers })
    expect(response.statusCode).toBe(200)
  })
})
