import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isLoopback } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { ConfigError } from '../../src/config/read-settings.ts'
import { settings } from '../../src/config/settings.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

const password = { ASSAY_ADMIN_PASSWORD: 'hush-hush' }

async function refusalOf(environment: Record<string, string>, flags: Record<string, unknown> = {}): Promise<string> {
  const refusal = await loadConfig({ ASSAY_DATA_DIR: folder, ...environment }, flags).then(
    () => null,
    (error: unknown) => error,
  )
  expect(refusal).toBeInstanceOf(ConfigError)
  return (refusal as ConfigError).message
}

describe('a wrong value is refused with its setting, what is wanted and what was found', () => {
  test.each([
    ['ASSAY_PORT', 'http', 'must be a whole number from 0 to 65535. It is "http".'],
    ['ASSAY_PORT', '65536', 'must be a whole number from 0 to 65535. It is "65536".'],
    ['ASSAY_PORT', '-1', 'must be a whole number from 0 to 65535. It is "-1".'],
    ['ASSAY_PORT', 'tcp://10.0.0.7:4502', 'enableServiceLinks: false'],
    ['ASSAY_ROLE', 'api,worker', 'must be one of all, api, worker. It is "api,worker".'],
    ['ASSAY_TRUSTED_PROXIES', '10.0.0.1, ::/0', null],
    ['ASSAY_TRUSTED_PROXIES', 'proxy.local', 'must be addresses or networks such as 10.0.0.7 or 192.168.0.0/16'],
    ['ASSAY_TRUSTED_PROXIES', '10.0.0.0/33', 'must be addresses or networks'],
    ['ASSAY_THREADS', '0', 'must be a whole number from 1 to 256. It is "0".'],
    ['ASSAY_THREADS', '1.5', 'must be a whole number from 1 to 256. It is "1.5".'],
    ['ASSAY_STATUS_JOB_RETENTION_DAYS', '', null],
    ['ASSAY_STATUS_JOB_RETENTION_DAYS', '0', 'must be a whole number from 1 to 3650. It is "0".'],
    ['ASSAY_LOG_LEVEL', 'verbose', 'must be one of trace, debug, info, warn, error, silent. It is "verbose".'],
    ['ASSAY_S3_ENDPOINT', 'minio:9000', 'must be a URL that begins with http:// or https://. It is "minio:9000".'],
    ['ASSAY_DATABASE_URL', 'mysql://root:hush-hush@db/assay', 'must be a URL that begins with postgres:// or postgresql://.'],
  ])('%s=%s', async (variable, value, message) => {
    if (message === null) {
      await expect(loadConfig({ ...password, [variable]: value })).resolves.toBeDefined()
    } else {
      const refusal = await refusalOf({ ...password, [variable]: value })
      expect(refusal).toMatch(new RegExp(`^${variable} `))
      expect(refusal).toContain(message)
      expect(refusal).not.toContain('hush-hush')
    }
  })
})

describe('half a configuration is refused by name', () => {
  test.each<[string, Record<string, string>, string]>([
    ['bucket without region', { ASSAY_S3_BUCKET: 'b' }, 'ASSAY_S3_REGION is not set'],
    ['region without bucket', { ASSAY_S3_REGION: 'eu-central-1' }, 'ASSAY_S3_BUCKET is not set'],
    [
      'key without secret',
      { ASSAY_S3_BUCKET: 'b', ASSAY_S3_REGION: 'r', ASSAY_S3_ACCESS_KEY_ID: 'k' },
      'ASSAY_S3_SECRET_ACCESS_KEY is not set',
    ],
    ['endpoint alone', { ASSAY_S3_ENDPOINT: 'http://minio:9000' }, 'mean nothing without ASSAY_S3_BUCKET'],
    ['role api', { ASSAY_ROLE: 'api' }, 'ASSAY_ROLE=api needs ASSAY_DATABASE_URL: the embedded database serves one process only'],
    ['role worker', { ASSAY_ROLE: 'worker' }, 'ASSAY_ROLE=worker needs ASSAY_DATABASE_URL'],
  ])('%s', async (_, environment, message) => {
    expect(await refusalOf({ ...password, ...environment })).toContain(message)
  })

  test.each(['0.0.0.0', '::', '192.168.0.4', 'assay.example.com', '127.evil.example'])(
    'open address %s without a password',
    async (host) => {
      expect(await refusalOf({ ASSAY_HOST: host })).toContain('ASSAY_ADMIN_PASSWORD must be set')
      await expect(loadConfig({ ASSAY_HOST: host, ...password })).resolves.toBeDefined()
    },
  )
})

test('all findings are told at once', async () => {
  expect((await refusalOf({ ASSAY_PORT: 'x', ASSAY_THREADS: 'y', ASSAY_ROLE: 'z' })).split('\n')).toHaveLength(3)
})

test('a flag wins over the environment and is named in its own error', async () => {
  const { config } = await loadConfig({ ...password, ASSAY_PORT: '1' }, { port: '2' })
  expect(config.listen.port).toBe(2)
  expect(await refusalOf(password, { port: 'x' })).toMatch(/^--port must be/)
})

test('secrets have no flag and do not show', async () => {
  const secretKeys = Object.entries(settings).flatMap(([key, { flag }]) => (flag === null ? [key] : []))
  expect(secretKeys).toEqual(['s3AccessKeyId', 's3SecretAccessKey', 'databaseUrl', 'adminPassword'])
  const { config, secrets } = await loadConfig(
    { ...password, ASSAY_DATABASE_URL: 'postgres://u:hush-hush@db/assay' },
    { adminPassword: 'x' },
  )
  expect(secrets.adminPassword?.reveal()).toBe('hush-hush')
  const shown = `${inspect(secrets, { depth: 9, showHidden: true })}${JSON.stringify({ config, secrets })}${secrets.adminPassword}`
  expect(shown).not.toContain('hush-hush')
  expect(shown).toContain('[secret]')
})

test('a secret may be in a file, without its line break', async () => {
  const file = join(folder, 'password')
  await writeFile(file, 'from-a-file\n')
  const { secrets } = await loadConfig({ ASSAY_ADMIN_PASSWORD_FILE: file })
  expect(secrets.adminPassword?.reveal()).toBe('from-a-file')
  expect(await refusalOf({ ASSAY_ADMIN_PASSWORD_FILE: join(folder, 'missing') })).toMatch(
    /^ASSAY_ADMIN_PASSWORD_FILE names a file that cannot be read/,
  )
})

test('without a password a loopback server gets a generated one, once, for the owner alone', async () => {
  const dataDirectory = join(folder, 'fresh')
  const first = await loadConfig({ ASSAY_DATA_DIR: dataDirectory })
  const second = await loadConfig({ ASSAY_DATA_DIR: dataDirectory })
  const file = join(dataDirectory, 'admin-password')
  expect([first.generatedPassword, second.generatedPassword]).toEqual([
    { file, isNew: true },
    { file, isNew: false },
  ])
  expect(first.secrets.adminPassword?.reveal()).toMatch(/^[\w-]{24}$/)
  expect(second.secrets.adminPassword?.reveal()).toBe(first.secrets.adminPassword?.reveal())
  expect((await stat(join(dataDirectory, 'admin-password'))).mode & 0o777).toBe(0o600)
})

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['[::1]', true],
  ['LOCALHOST', true],
  ['0.0.0.0', false],
  ['::', false],
  ['localhost.example.com', false],
  ['127.0.0.1.example.com', false],
])('isLoopback(%s) is %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback)
})
