import type { Event } from '../../contract/native/event.ts'
import { type Terminal, visible } from './terminal.ts'

/** Prints an event in a line, and its problems in a line each. */
export function printEvent(terminal: Terminal, event: Event): void {
  const { time, type, status, actor, path, formerPath, problems = [] } = event
  const subject = path ?? event.runId ?? event.jobId ?? event.webhookId ?? event.tokenId
  const what = [formerPath, subject].filter((text) => text !== undefined).map(visible)
  const outcome = status === undefined ? [] : [terminal.paint(status === 'SUCCESS' ? 'green' : 'red', status)]
  terminal.print([time.slice(0, 19).replace('T', ' '), type, ...outcome, visible(actor), what.join(' → ')].join('  ').trimEnd())
  for (const { code, message } of problems) terminal.print(`  ${code}  ${visible(message)}`)
}
