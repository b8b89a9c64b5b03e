import type { Command } from 'commander'
import type { Client, WaitOptions, WaitResult } from '../../client/index.ts'
import type { ListedAsset } from '../../contract/guides/status-job.ts'
import { isFinal } from '../../model/asset-status.ts'
import { maxAssetsForWarningHint, maxExplainedAssets } from '../../model/client-limits.ts'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { explainAssets, findWarned } from '../explain-assets.ts'
import { parseTimeout } from '../options/parse-timeout.ts'
import { repeatable } from '../options/repeatable-option.ts'
import { Progress } from '../output/progress.ts'
import { countStatuses, printAsset, printCounts, type ReportedAsset } from '../output/status-report.ts'
import { counted, type Terminal } from '../output/terminal.ts'

interface StatusFlags extends ConnectionFlags {
  readonly exclude?: readonly string[]
  readonly wait?: boolean
  readonly timeout?: string
  readonly warnings?: boolean
  readonly json?: boolean
}

/** `assay status <path…>`: is it ready, and if not, what exactly is wrong? Its exit code is made for CI gates. */
export function registerStatus(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const command = program
    .command('status')
    .description('tell how assets, folders and maps stand, with the reason of every failure')
    .argument('<path...>', 'folders or assets, such as /content/dam/manual')
    .addOption(repeatable('--exclude <path>', 'leave out this folder or asset'))
    .option('--wait', 'wait until every asset is finished')
    .option('--timeout <seconds>', 'with --wait: give up after this time and exit with 3')
    .option('--warnings', 'also show assets that succeeded with warnings')
    .option('--json', 'print one JSON object')
  withConnection(command).action(async (paths: string[], flags: StatusFlags) => {
    const timeoutMs = parseTimeout(flags)
    const client = await connect(flags)
    const excluded = flags.exclude ?? []
    const { assets, ignored, settled } =
      flags.wait === true
        ? await waitFor(client, terminal, paths, { excluded, timeoutMs })
        : { ...(await client.collectStatus(paths, { excluded })), settled: true }
    if (!settled) terminal.remark('The time limit passed before everything was finished.')
    const failed = assets.filter((asset) => asset.status === 'FAILURE')
    const warned = flags.warnings === true ? await findWarned(client, paths, assets) : []
    const reported = [...(await explainAssets(client, failed)), ...(await explainAssets(client, warned))]
    if (flags.json === true) printJson(terminal, assets, reported, ignored)
    else {
      printReport(terminal, assets, reported, failed.length + warned.length)
      if (ignored > 0) terminal.remark(`Path rules leave out ${counted(ignored, 'more asset')}: assay rules test <path> tells why.`)
      if (flags.warnings !== true) await hintAtWarnings(client, terminal, paths, assets)
    }
    end(settled ? verdictOn(assets) : exitCodes.unfinished)
  })
}

/** Prints counts and explained assets, and says how many were left out. */
export function printReport(terminal: Terminal, assets: readonly ListedAsset[], reported: readonly ReportedAsset[], notable: number): void {
  printCounts(terminal, countStatuses(assets))
  for (const asset of reported) printAsset(terminal, asset)
  if (notable > reported.length) {
    terminal.print()
    terminal.print(`… and ${counted(notable - reported.length, 'more asset')}. --json lists them all.`)
  }
}

/** Says how many warnings are not shown. Silent where they cannot be counted cheaply: a hint must never spoil the verdict. */
async function hintAtWarnings(client: Client, terminal: Terminal, paths: readonly string[], assets: readonly ListedAsset[]): Promise<void> {
  if (paths.length > maxExplainedAssets || assets.length > maxAssetsForWarningHint) return
  if (!assets.some((asset) => asset.status === 'SUCCESS')) return
  const { length } = await findWarned(client, paths, assets).catch(() => [])
  if (length > 0) terminal.remark(`${counted(length, 'asset')} with warnings: --warnings shows them.`)
}

/** Waits, and shows meanwhile how many are finished. */
export async function waitFor(client: Client, terminal: Terminal, paths: readonly string[], options: WaitOptions): Promise<WaitResult> {
  const progress = new Progress(terminal, 'Processing')
  const onProgress = (assets: readonly ListedAsset[]): void => {
    progress.update(assets.filter((asset) => isFinal(asset.status)).length, assets.length)
  }
  return await client.waitForStatus(paths, { ...options, onProgress }).finally(() => progress.finish())
}

function verdictOn(assets: readonly ListedAsset[]): ExitCode {
  if (assets.some((asset) => !isFinal(asset.status))) return exitCodes.unfinished
  return assets.some((asset) => asset.status === 'FAILURE') ? exitCodes.someFailed : exitCodes.succeeded
}

function printJson(terminal: Terminal, assets: readonly ListedAsset[], reported: readonly ReportedAsset[], ignored: number): void {
  const problems = new Map(reported.map(({ listed, detail }) => [listed, detail?.problems]))
  const { missing, ...counts } = countStatuses(assets)
  const listed = assets.map((asset) => ({ ...asset, ...(problems.get(asset) && { problems: problems.get(asset) }) }))
  terminal.print(JSON.stringify({ counts: { ...counts, missing, ignored }, assets: listed }, null, 2))
}
