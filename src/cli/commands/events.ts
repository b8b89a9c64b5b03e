import type { Command } from 'commander'
import type { Event } from '../../contract/native/event.ts'
import { withConnection } from '../connection.ts'
import { type EventFlags, eachEvent, withEventFilter } from '../each-event.ts'
import { type Terminal, visible } from '../output/terminal.ts'

/** `assay events`: what has happened, and with `--follow` what happens. */
export function registerEvents(program: Command, terminal: Terminal): void {
  const events = program
    .command('events')
    .description('print what has happened, oldest first')
    .option('--follow', 'print what happens from now on, until Ctrl+C')
  withEventFilter(events, 'oldest; with --follow latest').option('--json', 'print one JSON object a line')
  withConnection(events).action(async ({ follow = false, json = false, ...flags }: EventFlags & { follow?: boolean; json?: boolean }) => {
    await eachEvent(flags, { after: follow ? 'latest' : 'oldest', follow }, (event) => {
      if (json) terminal.print(JSON.stringify(event))
      else printEvent(terminal, event)
    })
  })
}

function printEvent(terminal: Terminal, event: Event): void {
  const { time, type, status, actor, path, formerPath, problems = [] } = event
  const subject = path ?? event.runId ?? event.jobId ?? event.webhookId ?? event.tokenId
  const what = [formerPath, subject].filter((text) => text !== undefined).map(visible)
  const outcome = status === undefined ? [] : [terminal.paint(status === 'SUCCESS' ? 'green' : 'red', status)]
  terminal.print([time.slice(0, 19).replace('T', ' '), type, ...outcome, visible(actor), what.join(' → ')].join('  ').trimEnd())
  for (const { code, message } of problems) terminal.print(`  ${code}  ${visible(message)}`)
}
