/**
 * Every setting of the server in one table: parsing, `assay serve --help` and `docs/reference/settings.md` come from it.
 */
import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defaultAuditRetentionDays, defaultEventRetentionDays } from '../model/event-limits.ts'
import { statusJobRetentionMs } from '../model/limits.ts'
import { runRetentionMs, unprocessedSweepMs } from '../model/run-limits.ts'
import { dayMs } from '../model/units.ts'
import { Secret } from './secret.ts'
import { parseChoice, parseInteger, type Setting, SettingError, secretSetting, setting } from './setting.ts'

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
const roles = ['all', 'api', 'worker'] as const

/** How much the server logs. */
export type LogLevel = (typeof logLevels)[number]
/** What a process does: answer requests, post-process assets, or both. */
export type Role = (typeof roles)[number]

const asIs = (text: string): string => text

/** Every setting, by the name that it has in {@link SettingValues}. */
export const settings = {
  host: setting({
    variable: 'ASSAY_HOST',
    placeholder: '<address>',
    meaning: 'Address to listen on. Any other than this machine alone (loopback) needs ASSAY_ADMIN_PASSWORD.',
    fallback: '127.0.0.1',
    parse: asIs,
  }),
  port: setting({
    variable: 'ASSAY_PORT',
    placeholder: '<number>',
    meaning: 'Port to listen on; 0 takes any free one.',
    fallback: '4502',
    parse: parsePort,
  }),
  publicUrl: setting({
    variable: 'ASSAY_PUBLIC_URL',
    placeholder: '<url>',
    meaning: 'Address under which clients reach this server, a path included. Addresses for uploads begin with it.',
    fallback: null,
    fallbackShown: 'the Host header of the request',
    parse: parsePublicUrl,
  }),
  trustedProxies: setting({
    variable: 'ASSAY_TRUSTED_PROXIES',
    placeholder: '<addresses>',
    meaning:
      'Reverse proxies in front of this server, as addresses or networks with commas between them (10.0.0.7,192.168.0.0/16). From them X-Forwarded-For tells who sends a request, so that one who guesses passwords does not hold up the others, and X-Forwarded-Host and -Proto under which address.',
    fallback: '',
    fallbackShown: 'none',
    parse: parseNetworks,
  }),
  dataDir: setting({
    variable: 'ASSAY_DATA_DIR',
    placeholder: '<folder>',
    meaning:
      'Folder of the embedded database, of large contents and of the generated password. Processes that share a PostgreSQL server share it too, or keep large contents in S3.',
    fallback: './assay-data',
    parse: (text) => resolve(text),
  }),
  role: setting({
    variable: 'ASSAY_ROLE',
    placeholder: '<role>',
    meaning: 'What this process does: all, api (answers requests) or worker (post-processes). api and worker need ASSAY_DATABASE_URL.',
    fallback: 'all',
    parse: (text) => parseChoice(text, roles),
  }),
  threads: setting({
    variable: 'ASSAY_THREADS',
    placeholder: '<number>',
    meaning: 'Threads that read assets.',
    fallback: null,
    fallbackShown: 'one less than the cores, at least 1',
    parse: (text) => parseInteger(text, 1, 256),
  }),
  statusJobRetentionDays: setting({
    variable: 'ASSAY_STATUS_JOB_RETENTION_DAYS',
    placeholder: '<days>',
    meaning: 'Days for which the list of a finished status job can be fetched.',
    fallback: String(statusJobRetentionMs / dayMs),
    parse: (text) => parseInteger(text, 1, 3650),
  }),
  runRetentionDays: setting({
    variable: 'ASSAY_RUN_RETENTION_DAYS',
    placeholder: '<days>',
    meaning: 'Days for which a processing run that is over is kept, with its log.',
    fallback: String(runRetentionMs / dayMs),
    parse: (text) => parseInteger(text, 1, 3650),
  }),
  unprocessedSweepMinutes: setting({
    variable: 'ASSAY_UNPROCESSED_SWEEP_MINUTES',
    placeholder: '<minutes>',
    meaning: 'How often assets that nobody has processed are looked for; a processing run takes them up.',
    fallback: String(unprocessedSweepMs / 60_000),
    parse: (text) => parseInteger(text, 1, 10_080),
  }),
  webhookPrivateReceivers: setting({
    variable: 'ASSAY_WEBHOOK_PRIVATE_RECEIVERS',
    placeholder: '<receivers>',
    meaning:
      'Receivers of webhooks that may be reached although their address is not public, on any port: addresses, networks or host names with commas between them (10.1.0.0/16,hooks.internal).',
    fallback: '',
    fallbackShown: 'none',
    parse: parseReceivers,
  }),
  eventRetentionDays: setting({
    variable: 'ASSAY_EVENT_RETENTION_DAYS',
    placeholder: '<days>',
    meaning: 'Days for which events are kept: whoever was away for longer looks at the present state first.',
    fallback: String(defaultEventRetentionDays),
    parse: (text) => parseInteger(text, 1, 3650),
  }),
  auditRetentionDays: setting({
    variable: 'ASSAY_AUDIT_RETENTION_DAYS',
    placeholder: '<days>',
    meaning: 'Days for which it is known who changed what; never fewer than those for which events are kept.',
    fallback: String(defaultAuditRetentionDays),
    parse: (text) => parseInteger(text, 1, 36_500),
  }),
  logLevel: setting({
    variable: 'ASSAY_LOG_LEVEL',
    placeholder: '<level>',
    meaning: `How much to log: ${logLevels.join(', ')}. Lines are JSON unless a terminal reads them.`,
    fallback: 'info',
    parse: (text) => parseChoice(text, logLevels),
  }),
  s3Bucket: setting({
    variable: 'ASSAY_S3_BUCKET',
    placeholder: '<name>',
    meaning: 'Bucket for large contents, instead of the data folder. Needs ASSAY_S3_REGION.',
    fallback: null,
    parse: asIs,
  }),
  s3Region: setting({
    variable: 'ASSAY_S3_REGION',
    placeholder: '<region>',
    meaning: 'Region of the bucket.',
    fallback: null,
    parse: asIs,
  }),
  s3Endpoint: setting({
    variable: 'ASSAY_S3_ENDPOINT',
    placeholder: '<url>',
    meaning: 'Address of an S3-compatible service other than AWS.',
    fallback: null,
    parse: (text) => parseUrl(text, ['http:', 'https:']),
  }),
  s3AccessKeyId: secretSetting({
    variable: 'ASSAY_S3_ACCESS_KEY_ID',
    placeholder: '<id>',
    meaning: 'Access key of the bucket. Without one the AWS SDK looks for its own (role of the machine, profile).',
    fallback: null,
    parse: (text) => new Secret(text),
  }),
  s3SecretAccessKey: secretSetting({
    variable: 'ASSAY_S3_SECRET_ACCESS_KEY',
    placeholder: '<secret>',
    meaning: 'Secret that belongs to ASSAY_S3_ACCESS_KEY_ID.',
    fallback: null,
    parse: (text) => new Secret(text),
  }),
  databaseUrl: secretSetting({
    variable: 'ASSAY_DATABASE_URL',
    placeholder: '<url>',
    meaning: 'PostgreSQL server to use instead of the embedded database: postgres://user:password@host:5432/name.',
    fallback: null,
    fallbackShown: 'the embedded database',
    parse: (text) => new Secret(parseUrl(text, ['postgres:', 'postgresql:'])),
  }),
  adminPassword: secretSetting({
    variable: 'ASSAY_ADMIN_PASSWORD',
    placeholder: '<password>',
    meaning: 'Password of the user "admin". On loopback, one is generated and kept in the data folder when none is set.',
    fallback: null,
    fallbackShown: 'generated, in `admin-password` in the data folder',
    parse: (text) => new Secret(text),
  }),
}

/** All settings, parsed. Those that are not set and have no fallback are `null`. */
export type SettingValues = {
  readonly [Key in keyof typeof settings]: (typeof settings)[Key] extends Setting<infer T, infer Fallback>
    ? Fallback extends string
      ? T
      : T | null
    : never
}

/** Threads that leave one core to HTTP and the database. */
export function defaultThreads(): number {
  return Math.max(1, availableParallelism() - 1)
}

function parsePort(text: string): number {
  // Kubernetes gives every pod ASSAY_PORT=tcp://… when a service is called "assay".
  if (text.startsWith('tcp://')) {
    throw new SettingError('must be a port number. Kubernetes has set it for a service named "assay": set enableServiceLinks: false')
  }
  return parseInteger(text, 0, 65_535)
}

function parseNetworks(text: string): readonly string[] {
  const networks = text.split(',').map((part) => part.trim())
  if (text.trim() === '') return []
  if (networks.every(isNetwork)) return networks
  throw new SettingError('must be addresses or networks such as 10.0.0.7 or 192.168.0.0/16, with commas between them')
}

function parseReceivers(text: string): readonly string[] {
  const receivers = text.split(',').map((part) => part.trim())
  if (text.trim() === '') return []
  if (receivers.every((receiver) => isNetwork(receiver) || isHostName(receiver))) return receivers
  throw new SettingError('must be addresses, networks or host names such as 10.1.0.0/16 or hooks.internal, with commas between them')
}

/** A name whose last part is a number would be an address. */
function isHostName(text: string): boolean {
  return /^(?:[\w-]{1,63}\.)*[\w-]*[a-z][\w-]*$/i.test(text) && text.length <= 253
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const most = isIP(address) === 4 ? 32 : 128
  return isIP(address) !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
}

/** Checks the form of a URL without repeating it: it may hold a password. */
function parseUrl(text: string, protocols: readonly string[]): string {
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text
  throw new SettingError(`must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`)
}

function parsePublicUrl(text: string): string {
  const url = new URL(parseUrl(text, ['http:', 'https:']))
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new SettingError('must hold neither a credential nor a query')
  }
  return url.href.replace(/\/+$/, '')
}
