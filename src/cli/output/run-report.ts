import type { Client } from '../../client/index.ts'
import type { Run, RunAsset, RunPreviewShape } from '../../contract/native/run.ts'
import { maxExplainedAssets } from '../../model/client-limits.ts'
import { duration } from './progress.ts'
import { printProblem } from './status-report.ts'
import { counted, type Style, type Terminal, visible } from './terminal.ts'

const words: Readonly<Record<Run['status'], { readonly word: string; readonly style: Style }>> = {
  WAITING: { word: 'waiting', style: 'cyan' },
  PROCESSING: { word: 'processing', style: 'cyan' },
  SUCCESS: { word: 'finished', style: 'green' },
  FAILURE: { word: 'failed', style: 'red' },
  CANCELLED: { word: 'cancelled', style: 'yellow' },
}

/** Prints a run in one line: its id, its status, how far it is, when it was started, by whom, and its path. */
export function printRunLine(terminal: Terminal, run: Run): void {
  const { word, style } = words[run.status]
  const { done, total, taken } = run.progress
  const progress = `${done.toLocaleString('en')}/${total === null ? '?' : Math.max(total, taken).toLocaleString('en')}`
  const started = run.createdAt.slice(0, 19).replace('T', ' ')
  const parts = [run.id, terminal.paint(style, word.padEnd(10)), progress.padEnd(15), started, visible(run.createdBy), visible(run.path)]
  terminal.print(parts.join('  '))
}

/** Prints how a run stands: counts, and how long it will take or took. */
export function printRun(terminal: Terminal, run: Run): void {
  const { word, style } = words[run.status]
  const { total, done, succeeded, failed, replaced, deleted, rate, eta } = run.progress
  const counts = [
    ...(succeeded > 0 ? [terminal.paint('green', `${succeeded.toLocaleString('en')} succeeded`)] : []),
    ...(failed > 0 ? [terminal.paint('red', `${failed.toLocaleString('en')} failed`)] : []),
    ...(replaced > 0 ? [`${replaced.toLocaleString('en')} replaced meanwhile`] : []),
    ...(deleted > 0 ? [`${deleted.toLocaleString('en')} deleted meanwhile`] : []),
  ]
  const of = total === null || total === done ? '' : ` of ${total.toLocaleString('en')}`
  const time =
    run.startedAt !== null && run.finishedAt !== null ? ` in ${duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt))}` : ''
  const head = terminal.paint('bold', `${done.toLocaleString('en')}${of} ${done === 1 && of === '' ? 'asset' : 'assets'}`)
  terminal.print([`${terminal.paint(style, word)}${time}`, head, ...counts].join('   '))
  if (rate !== null && run.finishedAt === null) terminal.print(`${rate.toLocaleString('en')} assets a second${sayEta(eta)}`)
  if (run.error !== null) terminal.print(visible(run.error))
}

/** Prints the assets of a run that failed, each with its reasons; the first `maxExplainedAssets` of them. */
export async function printFailures(client: Client, terminal: Terminal, run: Run): Promise<void> {
  const { failed } = run.progress
  if (failed === 0) return
  const assets = await client.listRunAssets(run.id, 'failed', maxExplainedAssets)
  for (const asset of assets) printFailed(terminal, asset)
  if (failed > assets.length) {
    terminal.print()
    terminal.print(`… and ${(failed - assets.length).toLocaleString('en')} more: assay runs log ${run.id}`)
  }
}

/** Prints what a dry run says. */
export function printPreview(terminal: Terminal, { total, byType, leftOut, ignoredBy, overlappingRun }: RunPreviewShape): void {
  const types = Object.entries(byType).flatMap(([type, count]) => (count === 0 ? [] : [`${count.toLocaleString('en')} ${type}`]))
  terminal.print([`${terminal.paint('bold', counted(total, 'asset'))} would be processed`, ...types].join('   '))
  for (const { reason, path, assets } of leftOut) {
    if (reason === 'exclusion') terminal.print(`${assets.toLocaleString('en').padStart(7)} left out by --exclude ${visible(path ?? '')}`)
    else if (assets > 0) terminal.print(`${assets.toLocaleString('en').padStart(7)} left out by ${filterWords[reason]}`)
    if (reason === 'ignored') printRules(terminal, ignoredBy)
  }
  if (overlappingRun !== null) terminal.remark(`It could not be started now: the run ${overlappingRun} processes some of these assets.`)
}

function printRules(terminal: Terminal, { rules, others, uncounted }: RunPreviewShape['ignoredBy']): void {
  // As many as were asked about, in the order of their paths: the others may belong to any rule.
  const atLeast = uncounted > 0 ? 'at least ' : ''
  const print = (assets: number, words: string) => terminal.print(`${(atLeast + assets.toLocaleString('en')).padStart(15)} ${words}`)
  for (const { list, entry, assets } of rules) {
    if (list === 'ignored') print(assets, `by ${visible(entry ?? '')}`)
    else print(assets, list === null ? 'because no rule enables them' : `not any more: ${visible(entry ?? '')} was enabled just now`)
  }
  if (others > 0) print(others, 'by other rules')
  if (uncounted > 0) {
    const rest = uncounted.toLocaleString('en').padStart(15)
    terminal.print(`${rest} by rules that there was no time to ask for (assay rules test asks for one path)`)
  }
}

const filterWords = {
  ignored: 'path rules',
  type: '--type',
  created: '--created-after and --created-before',
  only: '--only',
} as const

function printFailed(terminal: Terminal, { path, problems }: RunAsset): void {
  terminal.print()
  terminal.print(`${terminal.paint('red', '✗')} ${terminal.paint('bold', visible(path))}`)
  for (const problem of problems) printProblem(terminal, problem)
}

/** Between its bounds, which say more than a single number. */
function sayEta(eta: Run['progress']['eta']): string {
  if (eta === null) return ''
  const low = duration(eta.low * 1000)
  return eta.high === null ? `, at least ${low} left` : `, ${low} to ${duration(eta.high * 1000)} left`
}
