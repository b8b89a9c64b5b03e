import type { Secret } from './secret.ts'
import type { SettingValues } from './settings.ts'

/** What must not be shown. `null`: not set. */
export interface Secrets {
  readonly databaseUrl: Secret | null
  readonly adminPassword: Secret | null
  /** Keys of the bucket; `null` leaves it to the AWS SDK to find some. */
  readonly s3: { readonly accessKeyId: Secret; readonly secretAccessKey: Secret } | null
}

/** Takes the secrets out of the settings. */
export function buildSecrets(values: SettingValues): Secrets {
  const { databaseUrl, adminPassword, s3AccessKeyId, s3SecretAccessKey } = values
  return {
    databaseUrl,
    adminPassword,
    s3: s3AccessKeyId === null || s3SecretAccessKey === null ? null : { accessKeyId: s3AccessKeyId, secretAccessKey: s3SecretAccessKey },
  }
}
