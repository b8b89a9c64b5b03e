import type { Delivery, Webhook } from '../../contract/native/webhook.ts'
import { type Terminal, visible } from './terminal.ts'

/** A webhook: what it is, what it wants, and how it stands. */
export function printWebhook(terminal: Terminal, webhook: Webhook): void {
  const { id, url, types, paths, format, enabled, disabledReason, failingSince, description } = webhook
  const mark = !enabled ? terminal.paint('dim', '–') : failingSince === null ? terminal.paint('green', '✓') : terminal.paint('yellow', '!')
  terminal.print(`${mark} ${id}  ${terminal.paint('bold', visible(url))}${description === '' ? '' : `  ${visible(description)}`}`)
  const wanted = [
    types?.join(', ') ?? (format === 'guides' ? 'post-processing' : 'everything'),
    ...(paths ? [`in ${paths.map(visible).join(', ')}`] : []),
  ]
  terminal.print(`  ${format}: ${wanted.join(' ')}`)
  if (disabledReason !== null) terminal.print(`  off: ${visible(disabledReason)}`)
  if (failingSince !== null) terminal.print(`  nothing was delivered since ${failingSince}`)
}

/** A delivery in a line, and the end of its last answer if that was not what was hoped for. */
export function printDelivery(terminal: Terminal, { id, type, path, status, tries, nextTryAt, createdAt }: Delivery): void {
  const last = tries.at(-1)
  const mark = { SUCCESS: terminal.paint('green', '✓'), FAILURE: terminal.paint('red', '✗'), PENDING: terminal.paint('yellow', '…') }[
    status
  ]
  const outcome = last ? `${last.status ?? 'no answer'} in ${last.durationMs} ms` : 'not tried yet'
  const number = tries.length > 1 ? `, try ${tries.length}` : ''
  const next = nextTryAt !== null && last ? `, again at ${nextTryAt}` : ''
  terminal.print(`${mark} ${id}  ${createdAt}  ${outcome}${number}${next}  ${type}${path === null ? '' : ` ${visible(path)}`}`)
  if (last && last.error !== null)
    terminal.print(
      `    ${visible(last.error)}${last.excerpt === '' ? '' : ` ${terminal.paint('dim', visible(last.excerpt.slice(0, 200)))}`}`,
    )
}
