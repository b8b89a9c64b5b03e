import type { Command } from 'commander'
import type { Client, RunRequest } from '../../client/index.ts'
import type { Run } from '../../contract/native/run.ts'
import { type AssetType, assetTypes } from '../../model/asset-type.ts'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { UsageError } from '../failure.ts'
import { parseTime } from '../options/parse-time.ts'
import { parseTimeout } from '../options/parse-timeout.ts'
import { repeatable } from '../options/repeatable-option.ts'
import { Progress } from '../output/progress.ts'
import { printFailures, printPreview, printRun } from '../output/run-report.ts'
import type { Terminal } from '../output/terminal.ts'

interface ProcessFlags extends ConnectionFlags {
  readonly exclude?: readonly string[]
  readonly type?: readonly string[]
  readonly only?: string
  readonly createdAfter?: string
  readonly createdBefore?: string
  readonly dryRun?: boolean
  readonly wait?: boolean
  readonly timeout?: string
  readonly json?: boolean
}

/** `assay process <path>`: post-processes a tree again. */
export function registerProcess(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const command = program
    .command('process')
    .description('process a folder, with all that is below it, or an asset again')
    .argument('<path>', 'folder or asset, such as /content/dam/manual')
    .addOption(repeatable('--exclude <path>', 'leave out this folder or asset'))
    .addOption(repeatable('--type <type>', `only assets of this type: ${assetTypes.join(', ')}`))
    .option('--only <which>', 'only assets that failed, or that were never processed as they are now: failed, unprocessed')
    .option('--created-after <time>', 'only assets created then or later, such as 2026-11-25 or 2026-11-25T10:00:00Z')
    .option('--created-before <time>', 'only assets created then or before')
    .option('--dry-run', 'say what would be processed and what would be left out, and process nothing')
    .option('--wait', 'wait until the run is over; its exit code then tells whether assets failed')
    .option('--timeout <seconds>', 'with --wait: give up waiting after this time and exit with 3; the run goes on')
    .option('--json', 'print one JSON object')
  withConnection(command).action(async (path: string, flags: ProcessFlags) => {
    const timeoutMs = parseTimeout(flags)
    const request = requestOf(path, flags)
    const client = await connect(flags)
    if (flags.dryRun === true) {
      const preview = await client.previewRun(request)
      if (flags.json === true) terminal.print(JSON.stringify(preview, null, 2))
      else printPreview(terminal, preview)
      return
    }
    const run = await client.startRun(request)
    if (flags.wait === true) end(await followRun(client, terminal, run, { timeoutMs, json: flags.json === true }))
    else {
      terminal.print(flags.json === true ? JSON.stringify(run, null, 2) : run.id)
      if (flags.json !== true) terminal.remark(`The run is started. How far it is: assay runs show ${run.id}`)
    }
  })
}

/** Waits for a run with a progress bar, prints how it ended, and gives the exit code that says so. */
export async function followRun(
  client: Client,
  terminal: Terminal,
  { id }: Run,
  { timeoutMs, json }: { readonly timeoutMs: number | undefined; readonly json: boolean },
): Promise<ExitCode> {
  const progress = new Progress(terminal, 'Processing')
  const onProgress = ({ progress: { done, total, taken } }: Run) => progress.update(done, Math.max(total ?? 0, taken))
  const run = await client.waitForRun(id, { timeoutMs, onProgress }).finally(() => progress.finish())
  if (json) terminal.print(JSON.stringify(run, null, 2))
  else {
    printRun(terminal, run)
    await printFailures(client, terminal, run)
  }
  if (run.finishedAt === null) terminal.remark(`The time limit passed; the run goes on. How far it is: assay runs show ${id}`)
  if (run.resumable) terminal.remark(`It can go on from there: assay runs resume ${id}`)
  return verdictOn(run)
}

function verdictOn({ status, progress }: Run): ExitCode {
  if (status === 'FAILURE') return exitCodes.fault
  if (status !== 'SUCCESS') return exitCodes.unfinished
  return progress.failed > 0 ? exitCodes.someFailed : exitCodes.succeeded
}

function requestOf(path: string, { exclude = [], type, only, createdAfter, createdBefore }: ProcessFlags): RunRequest {
  return {
    path,
    excludedPaths: [...exclude],
    filter: {
      types: type === undefined ? null : type.map(parseType),
      only: only === undefined ? null : parseOnly(only),
      createdFrom: createdAfter === undefined ? null : parseTime('--created-after', createdAfter),
      createdTo: createdBefore === undefined ? null : parseTime('--created-before', createdBefore),
    },
  }
}

function parseType(given: string): AssetType {
  const type = assetTypes.find((each) => each === given.toUpperCase())
  if (type !== undefined) return type
  throw new UsageError(`--type must be one of ${assetTypes.join(', ')}. It is "${given}".`)
}

function parseOnly(given: string): 'failed' | 'unprocessed' {
  if (given === 'failed' || given === 'unprocessed') return given
  throw new UsageError(`--only must be failed or unprocessed. It is "${given}".`)
}
