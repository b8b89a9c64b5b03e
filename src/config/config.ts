import { isIP } from 'node:net'
import { dayMs } from '../model/units.ts'
import { ConfigError } from './read-settings.ts'
import { defaultThreads, type LogLevel, type Role, type SettingValues } from './settings.ts'

/** What the server is to do and where it keeps its data. Holds nothing secret: it may be logged. */
export interface Config {
  readonly role: Role
  readonly listen: { readonly host: string; readonly port: number }
  /** Address under which clients reach this server, without a slash at its end. `null`: what their Host header says. */
  readonly publicUrl: string | null
  /** Addresses and networks of reverse proxies. */
  readonly trustedProxies: readonly string[]
  /** Absolute. */
  readonly dataDirectory: string
  /** The address of a server is a secret: see `Secrets`. */
  readonly database: 'embedded' | 'server'
  /** Where large contents are kept instead of the data folder. */
  readonly s3: { readonly bucket: string; readonly region: string; readonly endpoint: string | null } | null
  readonly threads: number
  readonly statusJobRetentionMs: number
  readonly runRetentionMs: number
  readonly unprocessedSweepMs: number
  /** Addresses, networks and host names. */
  readonly webhookPrivateReceivers: readonly string[]
  readonly eventRetentionMs: number
  readonly auditRetentionMs: number
  readonly logLevel: LogLevel
}

/** Groups the settings and refuses combinations that cannot work. Throws {@link ConfigError} naming settings and remedy. */
export function buildConfig(values: SettingValues): Config {
  const findings = findContradictions(values)
  if (findings.length > 0) throw new ConfigError(findings)
  return {
    role: values.role,
    listen: { host: values.host, port: values.port },
    publicUrl: values.publicUrl,
    trustedProxies: values.trustedProxies,
    dataDirectory: values.dataDir,
    database: values.databaseUrl === null ? 'embedded' : 'server',
    s3: bucketOf(values),
    threads: values.threads ?? defaultThreads(),
    statusJobRetentionMs: values.statusJobRetentionDays * dayMs,
    runRetentionMs: values.runRetentionDays * dayMs,
    unprocessedSweepMs: values.unprocessedSweepMinutes * 60_000,
    webhookPrivateReceivers: values.webhookPrivateReceivers,
    eventRetentionMs: values.eventRetentionDays * dayMs,
    auditRetentionMs: Math.max(values.auditRetentionDays, values.eventRetentionDays) * dayMs,
    logLevel: values.logLevel,
  }
}

/** Whether only this machine can reach the address. A name other than `localhost` may mean anything, so it does not count. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (address === 'localhost' || address === '::1') return true
  return isIP(address) === 4 && address.startsWith('127.')
}

function bucketOf({ s3Bucket, s3Region, s3Endpoint }: SettingValues): Config['s3'] {
  return s3Bucket === null || s3Region === null ? null : { bucket: s3Bucket, region: s3Region, endpoint: s3Endpoint }
}

/** Each is a sentence that names the settings and the way out. */
function findContradictions(values: SettingValues): string[] {
  const findings: string[] = []
  const { role, host, databaseUrl, adminPassword, s3Bucket, s3Region, s3Endpoint, s3AccessKeyId, s3SecretAccessKey } = values
  if (role !== 'all' && databaseUrl === null) {
    findings.push(
      `ASSAY_ROLE=${role} needs ASSAY_DATABASE_URL: the embedded database serves one process only. Name a PostgreSQL server, or use ASSAY_ROLE=all.`,
    )
  }
  if (role !== 'worker' && !isLoopback(host) && adminPassword === null) {
    findings.push(`ASSAY_HOST=${host} is open to other machines, so ASSAY_ADMIN_PASSWORD must be set. Set it, or listen on 127.0.0.1.`)
  }
  if ((s3Bucket === null) !== (s3Region === null)) {
    findings.push(
      `S3 needs both ASSAY_S3_BUCKET and ASSAY_S3_REGION: ${s3Bucket === null ? 'ASSAY_S3_BUCKET' : 'ASSAY_S3_REGION'} is not set.`,
    )
  }
  if ((s3AccessKeyId === null) !== (s3SecretAccessKey === null)) {
    const missing = s3AccessKeyId === null ? 'ASSAY_S3_ACCESS_KEY_ID' : 'ASSAY_S3_SECRET_ACCESS_KEY'
    findings.push(`S3 keys come in pairs: ${missing} is not set. Set it, or remove the other.`)
  }
  if (s3Bucket === null && s3Region === null && (s3Endpoint !== null || s3AccessKeyId !== null)) {
    findings.push('ASSAY_S3_ENDPOINT and the S3 keys mean nothing without ASSAY_S3_BUCKET and ASSAY_S3_REGION. Set those, or remove these.')
  }
  return findings
}
