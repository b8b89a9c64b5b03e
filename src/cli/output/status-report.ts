import type { ListedAsset } from '../../contract/guides/status-job.ts'
import type { AssetDetail, AssetProblem } from '../../contract/native/asset.ts'
import { type AssetStatus, assetStatuses } from '../../model/asset-status.ts'
import { counted, type Style, type Terminal, visible } from './terminal.ts'
import { wrapText } from './wrap-text.ts'

/** Assets by how they stand. `missing`: requested, but nothing is there. */
export type StatusCounts = Record<AssetStatus | 'missing', number>

/** An asset with something to say about it. `detail` is absent where the server gives no reasons. */
export interface ReportedAsset {
  readonly listed: ListedAsset
  readonly detail?: AssetDetail | undefined
}

/** Counts a list. */
export function countStatuses(assets: readonly ListedAsset[]): StatusCounts {
  const counts: StatusCounts = { PENDING: 0, PROCESSING: 0, SUCCESS: 0, FAILURE: 0, missing: 0 }
  for (const asset of assets) counts[asset.exists === false ? 'missing' : asset.status]++
  return counts
}

const words: Readonly<Record<keyof StatusCounts, { readonly word: string; readonly style: Style }>> = {
  SUCCESS: { word: 'succeeded', style: 'green' },
  FAILURE: { word: 'failed', style: 'red' },
  missing: { word: 'not found', style: 'red' },
  PROCESSING: { word: 'processing', style: 'cyan' },
  PENDING: { word: 'waiting', style: 'cyan' },
}

/** Prints the counts in one line: `14 assets   11 succeeded   3 failed`. */
export function printCounts(terminal: Terminal, counts: StatusCounts): void {
  const total = assetStatuses.reduce((sum, status) => sum + counts[status], 0)
  const parts = Object.entries(words).flatMap(([key, { word, style }]) => {
    const count = counts[key as keyof StatusCounts]
    return count === 0 ? [] : [terminal.paint(style, `${count.toLocaleString('en')} ${word}`)]
  })
  terminal.print([terminal.paint('bold', counted(total, 'asset')), ...parts].join('   '))
}

/** Prints an asset and below it each of its problems: place and code, the sentence, the remedy. */
export function printAsset(terminal: Terminal, { listed, detail }: ReportedAsset): void {
  const failed = listed.status === 'FAILURE'
  terminal.print()
  terminal.print(`${terminal.paint(failed ? 'red' : 'yellow', failed ? '✗' : '!')} ${terminal.paint('bold', visible(listed.path))}`)
  if (listed.exists === false) terminal.print('  There is no asset and no folder at this path. Check the spelling, or upload it first.')
  else if (detail === undefined) terminal.print(terminal.paint('dim', '  This server gives no reasons.'))
  for (const problem of detail?.problems ?? []) printProblem(terminal, problem)
}

const indent = 10

/**
 * Prints a problem: place and code, the sentence, the remedy. On a terminal, sentences are wrapped below each other; in a pipe each stays
 * one line, so that it can be searched.
 */
export function printProblem(terminal: Terminal, problem: AssetProblem): void {
  const place = problem.line === null ? '' : `${problem.line}:${problem.column ?? 1}`
  const head = `${problem.code}  ${visible(problem.message)}`
  const code = terminal.paint(problem.severity === 'error' ? 'red' : 'yellow', problem.code)
  const shown = wrapText(head, terminal.columns, indent).replace(problem.code, code)
  terminal.print(`  ${terminal.paint('dim', place.padEnd(indent - 3))} ${shown}`)
  terminal.print(`${' '.repeat(indent)}${terminal.paint('dim', wrapText(`→ ${visible(problem.remedy)}`, terminal.columns, indent))}`)
}
