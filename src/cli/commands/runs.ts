import type { Command } from 'commander'
import { defaultPageItems, maxPageItems } from '../../model/http-limits.ts'
import { maxRunLogLines } from '../../model/run-limits.ts'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import type { ExitCode } from '../exit-codes.ts'
import { parseCount } from '../options/parse-count.ts'
import { parseTimeout } from '../options/parse-timeout.ts'
import { printFailures, printRun, printRunLine } from '../output/run-report.ts'
import { type Terminal, visible } from '../output/terminal.ts'
import { followRun } from './process.ts'

interface WaitFlags extends ConnectionFlags {
  readonly wait?: boolean
  readonly timeout?: string
}

/** `assay runs list|show|log|cancel|resume|restart`: what became of processing runs. */
export function registerRuns(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const runs = program.command('runs').description('list processing runs, show one, read its log, cancel, resume or restart it')
  registerList(runs, terminal)
  registerShow(runs, terminal)
  registerLog(runs, terminal)
  withConnection(runs.command('cancel').description('cancel a run').argument('<id>', 'its id, as list shows it')).action(
    async (id: string, flags: ConnectionFlags) => {
      printRun(terminal, await (await connect(flags)).changeRun(id, 'cancel'))
      terminal.remark(`It can go on from there: assay runs resume ${id}`)
    },
  )
  for (const change of ['resume', 'restart'] as const) {
    const command = runs
      .command(change)
      .description(change === 'resume' ? 'let a cancelled or failed run go on from its last checkpoint' : 'start the same run anew')
      .argument('<id>', 'its id, as list shows it')
      .option('--wait', 'wait until the run is over; its exit code then tells whether assets failed')
      .option('--timeout <seconds>', 'with --wait: give up waiting after this time and exit with 3; the run goes on')
    withConnection(command).action(async (id: string, flags: WaitFlags) => {
      const timeoutMs = parseTimeout(flags)
      const client = await connect(flags)
      const run = await client.changeRun(id, change)
      if (flags.wait === true) end(await followRun(client, terminal, run, { timeoutMs, json: false }))
      else terminal.print(run.id)
    })
  }
}

function registerList(runs: Command, terminal: Terminal): void {
  const command = runs
    .command('list', { isDefault: true })
    .description('list the last runs, newest first')
    .option('--limit <number>', 'how many (default 100)')
  withConnection(command).action(async (flags: ConnectionFlags & { readonly limit?: string }) => {
    const limit = parseCount('--limit', flags.limit ?? String(defaultPageItems), maxPageItems)
    const listed = await (await connect(flags)).listRuns(limit)
    if (listed.length === 0) terminal.remark('There are no runs. Start one with: assay process <path>')
    for (const run of listed) printRunLine(terminal, run)
  })
}

function registerShow(runs: Command, terminal: Terminal): void {
  const command = runs
    .command('show')
    .description('show how a run stands, with the reason of every failure')
    .argument('<id>', 'its id, as list shows it')
    .option('--json', 'print one JSON object')
  withConnection(command).action(async (id: string, flags: ConnectionFlags & { readonly json?: boolean }) => {
    const client = await connect(flags)
    const run = await client.getRun(id)
    if (flags.json === true) return terminal.print(JSON.stringify(run, null, 2))
    printRunLine(terminal, run)
    for (const path of run.excludedPaths) terminal.print(`without ${visible(path)}`)
    printRun(terminal, run)
    await printFailures(client, terminal, run)
  })
}

function registerLog(runs: Command, terminal: Terminal): void {
  const command = runs
    .command('log')
    .description('print the log of a run: a line for each batch and each asset that failed')
    .argument('<id>', 'its id, as list shows it')
    .option('--tail <lines>', 'only the last lines')
  withConnection(command).action(async (id: string, flags: ConnectionFlags & { readonly tail?: string }) => {
    const client = await connect(flags)
    const tail = flags.tail === undefined ? null : parseCount('--tail', flags.tail, maxRunLogLines)
    let page = await client.readRunLog(id, tail === null ? { offset: 0, limit: maxRunLogLines } : { tail })
    for (;;) {
      for (const line of page.lines) terminal.print(visible(line))
      if (!page.hasMore) return
      page = await client.readRunLog(id, { offset: page.offset + page.lines.length, limit: maxRunLogLines })
    }
  })
}
