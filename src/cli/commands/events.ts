import type { Command } from 'commander'
import { withConnection } from '../connection.ts'
import { type EventFlags, eachEvent, withEventFilter } from '../each-event.ts'
import { printEvent } from '../output/event-line.ts'
import type { Terminal } from '../output/terminal.ts'

/** `assay events`: what has happened, and with `--follow` what happens. */
export function registerEvents(program: Command, terminal: Terminal): void {
  const events = program
    .command('events')
    .description('print what has happened, oldest first')
    .option('--follow', 'print what happens from now on, until Ctrl+C')
  withEventFilter(events, 'oldest; with --follow latest').option('--json', 'print one JSON object a line')
  withConnection(events).action(async ({ follow = false, json = false, ...flags }: EventFlags & { follow?: boolean; json?: boolean }) => {
    let printed = 0
    await eachEvent(flags, { after: follow ? 'latest' : 'oldest', follow }, (event) => {
      printed++
      if (json) terminal.print(JSON.stringify(event))
      else printEvent(terminal, event)
    })
    if (printed === 0 && !follow) terminal.remark('There are no such events.')
  })
}
