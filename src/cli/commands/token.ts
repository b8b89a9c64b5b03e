import type { Command } from 'commander'
import { type Scope, scopes } from '../../contract/native/scope.ts'
import { dayMs } from '../../model/units.ts'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { UsageError } from '../failure.ts'
import { repeatable } from '../options/repeatable-option.ts'
import { type Terminal, visible } from '../output/terminal.ts'

interface CreateFlags extends ConnectionFlags {
  readonly scope?: readonly string[]
  readonly days?: string
}

/** `assay token create|list|revoke`: credentials for scripts. */
export function registerToken(program: Command, terminal: Terminal): void {
  const token = program.command('token').description('make, list and revoke tokens for scripts')

  const create = token
    .command('create')
    .description('make a token and print it, once: it is stored as a hash only')
    .argument('<name>', 'what it is for, such as "docs pipeline"')
    .addOption(repeatable('--scope <scope>', `what it may do: ${scopes.join(', ')}; default read`))
    .option('--days <days>', 'days until it expires (default: never)')
  withConnection(create).action(async (name: string, flags: CreateFlags) => {
    const expires = flags.days === undefined ? {} : { expiresAt: expiry(flags.days) }
    const created = await (await connect(flags)).createToken({ name, scopes: parseScopes(flags.scope ?? ['read']), ...expires })
    terminal.print(created.token)
    terminal.remark(`Keep it now: it cannot be shown again. Revoke it with: assay token revoke ${created.id}`)
  })

  withConnection(token.command('list', { isDefault: true }).description('list all tokens')).action(async (flags: ConnectionFlags) => {
    const tokens = await (await connect(flags)).listTokens()
    if (tokens.length === 0) terminal.remark('There are no tokens. Make one with: assay token create <name>')
    for (const { id, name, scopes, expiresAt, revokedAt } of tokens) {
      const standing = revokedAt !== null ? `revoked ${revokedAt}` : expiresAt !== null ? `until ${expiresAt}` : 'does not expire'
      terminal.print(`${id}  ${scopes.join(',').padEnd(11)}  ${standing.padEnd(32)}  ${visible(name)}`)
    }
  })

  const revoke = token
    .command('revoke')
    .description('revoke a token: it is refused from now on')
    .argument('<id>', 'its id, as list shows it')
  withConnection(revoke).action(async (id: string, flags: ConnectionFlags) => {
    await (await connect(flags)).revokeToken(id)
    terminal.remark(`Token ${id} is revoked.`)
  })
}

function parseScopes(given: readonly string[]): Scope[] {
  const wrong = given.find((scope) => !scopes.some((known) => known === scope))
  if (wrong !== undefined) throw new UsageError(`--scope must be one of ${scopes.join(', ')}. It is "${wrong}".`)
  return [...new Set(given as readonly Scope[])]
}

function expiry(days: string): string {
  const count = Number(days)
  if (!(count > 0 && count <= 36_500)) throw new UsageError(`--days must be a number of days. It is "${days}".`)
  return new Date(Date.now() + count * dayMs).toISOString()
}
