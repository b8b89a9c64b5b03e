import { adminPasswordFile, ensureAdminPassword } from './admin-password.ts'
import { buildConfig, type Config } from './config.ts'
import type { Environment } from './env.ts'
import { type Flags, readSettings } from './read-settings.ts'
import { buildSecrets, type Secrets } from './secrets.ts'

/** All that a process needs to know before it starts. */
export interface Loaded {
  readonly config: Config
  readonly secrets: Secrets
  /** The generated password of `admin`, when none was set; `null` when one was, or none is needed. */
  readonly generatedPassword: { readonly file: string; readonly isNew: boolean } | null
}

/**
 * Reads the settings and refuses what cannot work with a `ConfigError`. A server that only its own machine can reach gets a generated
 * password where none is set, so that nothing ever stands open; a process that answers no requests needs none.
 */
export async function loadConfig(environment: Environment, flags: Flags = {}): Promise<Loaded> {
  const values = readSettings(environment, flags)
  const config = buildConfig(values)
  const secrets = buildSecrets(values)
  if (secrets.adminPassword !== null || config.role === 'worker') return { config, secrets, generatedPassword: null }
  const { password, isNew } = await ensureAdminPassword(config.dataDirectory)
  const generatedPassword = { file: adminPasswordFile(config.dataDirectory), isNew }
  return { config, secrets: { ...secrets, adminPassword: password }, generatedPassword }
}
