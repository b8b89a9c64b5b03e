import type { Command } from 'commander'
import { type Client, type Credential, createClient } from '../client/index.ts'
import { readAdminPassword } from '../config/admin-password.ts'
import { isLoopback } from '../config/config.ts'
import { type Environment, processEnvironment } from '../config/env.ts'
import { settings } from '../config/settings.ts'
import { UsageError } from './failure.ts'
import { fetchWithBytes } from './fetch-with-bytes.ts'

/** How the server is reached: from flags, else from the environment. */
export interface ConnectionFlags {
  readonly url?: string
  readonly user?: string
  readonly password?: string
  readonly token?: string
}

const defaultUrl = 'http://127.0.0.1:4502'

/** Adds the options that every command that talks to a server has. */
export function withConnection(command: Command): Command {
  return command
    .optionsGroup('Connection:')
    .option('--url <url>', `server to talk to (ASSAY_URL, default ${defaultUrl})`)
    .option('--user <name>', 'user (ASSAY_USER)')
    .option('--password <password>', 'password of the user (ASSAY_PASSWORD; safer than the flag)')
    .option('--token <token>', 'token instead of user and password (ASSAY_TOKEN)')
}

/** Makes a client from the options. Throws {@link UsageError} for a URL that is none. */
export async function connect(flags: ConnectionFlags, environment: Environment = processEnvironment()): Promise<Client> {
  const given = flags.url ?? (environment.ASSAY_URL || defaultUrl)
  const url = URL.canParse(given) ? new URL(given) : null
  if (url === null || !/^https?:$/.test(url.protocol)) throw new UsageError(`"${given}" is no URL: write it as ${defaultUrl}.`)
  const credential = await findCredential(flags, environment, url)
  return createClient({ url: `${url.origin}${url.pathname}`, credential, fetch: fetchWithBytes })
}

/**
 * Flags win over the URL's own user and password, these over the environment. Without any of them a server on this machine is tried with
 * the password that it generated in its data folder; it is never sent to another machine.
 */
async function findCredential(flags: ConnectionFlags, environment: Environment, url: URL): Promise<Credential> {
  if (flags.token !== undefined) return { token: flags.token }
  if (flags.password !== undefined) return { user: flags.user ?? environment.ASSAY_USER ?? 'admin', password: flags.password }
  if (url.password !== '') return { user: decodeURIComponent(url.username) || 'admin', password: decodeURIComponent(url.password) }
  if (environment.ASSAY_TOKEN) return { token: environment.ASSAY_TOKEN }
  const user = flags.user ?? environment.ASSAY_USER ?? 'admin'
  if (environment.ASSAY_PASSWORD) return { user, password: environment.ASSAY_PASSWORD }
  if (flags.user !== undefined) throw new UsageError('--user needs a password: give --password or ASSAY_PASSWORD.')
  const folder = settings.dataDir.parse(environment.ASSAY_DATA_DIR || settings.dataDir.fallback)
  const password = isLoopback(url.hostname) ? await readAdminPassword(folder) : null
  return password === null ? 'none' : { user: 'admin', password: password.reveal() }
}
