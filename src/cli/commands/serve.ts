import { once } from 'node:events'
import { flushCompileCache } from 'node:module'
import { createServer } from 'node:net'
import { type Command, Option } from 'commander'
import type { Config } from '../../config/config.ts'
import { processEnvironment } from '../../config/env.ts'
import { type Loaded, loadConfig } from '../../config/load-config.ts'
import type { Flags } from '../../config/read-settings.ts'
import type { Secrets } from '../../config/secrets.ts'
import type { Setting } from '../../config/setting.ts'
import { settings } from '../../config/settings.ts'
import type { Terminal } from '../output/terminal.ts'
import { stopSignal } from '../stop-signal.ts'

/** `assay serve`: runs the server until it is told to stop. Its options are the settings that are no secrets. */
export function registerServe(program: Command, terminal: Terminal): void {
  const command = program.command('serve').description('run the server')
  const shown = Object.values<Setting<unknown>>(settings)
  for (const { flag, placeholder, meaning, variable, fallback, fallbackShown } of shown) {
    const standard = fallbackShown ?? fallback
    const remark = standard === null ? variable : `${variable}, default ${standard}`
    if (flag !== null) command.addOption(new Option(`${flag} ${placeholder}`, `${meaning} (${remark})`))
  }
  const secrets = shown.filter(({ flag }) => flag === null).map(({ variable, meaning }) => `  ${variable}\n      ${meaning}`)
  command.addHelpText(
    'after',
    `\nOnly from the environment, or from a file named by the variable with _FILE at its end:\n${secrets.join('\n')}`,
  )
  command.action(async (flags: Flags) => serve(terminal, flags))
}

async function serve(terminal: Terminal, flags: Flags): Promise<void> {
  const { config, secrets, generatedPassword } = await loadConfig(processEnvironment(), flags)
  const stop = stopSignal()
  if (config.role !== 'worker') await requireFreePort(config.listen)
  // Loaded only here: the other commands must not wait for the server's modules.
  const { createApp } = await import('../../app.ts')
  await using app = await createApp(config, secrets)
  const { url } = await app.start()
  if (url !== null && (terminal.redraws || generatedPassword !== null)) {
    const password = generatedPassword === null ? '' : describePassword(generatedPassword, secrets)
    terminal.remark(`Assay listens on ${url}.${password} Stop with Ctrl+C.`)
  }
  // Not only at its end, which may be a kill: the next start is a third of a second faster.
  flushCompileCache()
  await stop
}

/** Listens for a moment: who mistook the port shall not wait for the making of a database to hear of it. */
async function requireFreePort(address: Config['listen']): Promise<void> {
  const probe = createServer().listen(address)
  await once(probe, 'listening')
  probe.close()
  await once(probe, 'close')
}

/** The generated password itself is shown once, at the first start. */
function describePassword({ file, isNew }: NonNullable<Loaded['generatedPassword']>, { adminPassword }: Secrets): string {
  return isNew ? ` User "admin", password "${adminPassword?.reveal()}" (kept in ${file}).` : ` User "admin", password in ${file}.`
}
