import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { type Client, createClient } from '../../client/index.ts'
import { loadConfig } from '../../config/load-config.ts'
import { explainAssets, findWarned } from '../explain-assets.ts'
import { walkFolder } from '../import/walk-folder.ts'
import { duration } from '../output/progress.ts'
import { counted, type Terminal } from '../output/terminal.ts'
import { stopSignal } from '../stop-signal.ts'
import { importFiles } from './import.ts'
import { printReport, waitFor } from './status.ts'

/** The same depth from `src/cli/commands/` and `dist/cli/commands/`. */
const exampleFolder = fileURLToPath(new URL('../../../examples/garden', import.meta.url))
const target = '/content/dam/garden'

/** `assay demo`: a real server in a temporary folder on a free port, a small manual with mistakes in it, and what Assay says of it. */
export function registerDemo(program: Command, terminal: Terminal): void {
  program
    .command('demo')
    .description('show in a minute what it does: a server of its own, a small manual with mistakes, the report')
    .option('--keep', 'leave the server running until Ctrl+C, to try further commands')
    .action(async (flags: { keep?: boolean }) => {
      const folder = await mkdtemp(join(tmpdir(), 'assay-demo-'))
      try {
        await demonstrate(terminal, folder, flags.keep === true)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })
}

async function demonstrate(terminal: Terminal, folder: string, keep: boolean): Promise<void> {
  const password = randomBytes(18).toString('base64url')
  const environment = { ASSAY_DATA_DIR: folder, ASSAY_PORT: '0', ASSAY_ADMIN_PASSWORD: password }
  const { config, secrets } = await loadConfig(environment)
  const stop = keep ? stopSignal() : null
  const startedAt = performance.now()
  const [{ createApp }, { createLogger }] = await Promise.all([import('../../app.ts'), import('../../observe/logger.ts')])
  if (terminal.redraws) terminal.redraw('Starting a server …')
  await using app = await createApp(config, secrets, { logger: createLogger({ level: 'warn', destination: process.stderr }) })
  const { url } = await app.start()
  if (url === null) throw new Error('The server of the demo has no address.')
  if (terminal.redraws) terminal.redraw('')
  step(terminal, `Started a server on ${url} with an embedded PostgreSQL`, startedAt)

  const client = createClient({ url, credential: { user: 'admin', password } })
  await processExamples(client, terminal)
  terminal.print()
  if (stop === null) {
    printWayOn(terminal)
    return
  }
  terminal.print(`The server runs on. In another terminal, try:\n`)
  terminal.print(`  export ASSAY_URL=${url} ASSAY_PASSWORD=${password}`)
  terminal.print(`  npx assay status ${target} --warnings`)
  terminal.print(`\nCtrl+C stops it and removes its data.`)
  await stop
}

async function processExamples(client: Client, terminal: Terminal): Promise<void> {
  const importedAt = performance.now()
  const contents = walkFolder(exampleFolder)
  const tally = await importFiles(client, terminal, contents, target)
  step(terminal, `Uploaded ${counted(tally.created, 'file')} from examples/garden to ${target}`, importedAt)
  const waitedAt = performance.now()
  const { assets } = await waitFor(client, terminal, [target], {})
  step(terminal, 'Waited until every asset was parsed, checked and its references resolved', waitedAt)
  terminal.print()
  const notable = [...assets.filter((asset) => asset.status === 'FAILURE'), ...(await findWarned(client, [target], assets))]
  printReport(terminal, assets, await explainAssets(client, notable), notable.length)
}

function step(terminal: Terminal, what: string, sinceMs: number): void {
  terminal.print(`${terminal.paint('green', '✓')} ${what} ${terminal.paint('dim', `(${duration(performance.now() - sinceMs)})`)}`)
}

function printWayOn(terminal: Terminal): void {
  terminal.print('That was a real server; it is stopped and its data are removed. To go on:')
  terminal.print()
  terminal.print('  npx assay demo --keep                                   the same, and the server stays')
  terminal.print('  npx assay serve                                         a server of your own, in ./assay-data')
  terminal.print('  npx assay import <folder> /content/dam/manual           your content, from another terminal')
  terminal.print('  npx assay status /content/dam/manual --wait --warnings  is it ready, and if not, what is wrong?')
}
