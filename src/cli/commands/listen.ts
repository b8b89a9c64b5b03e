import type { Command } from 'commander'
import { pause } from '../../client/pause.ts'
import { writeCloudEvent } from '../../contract/native/cloud-event.ts'
import type { Event } from '../../contract/native/event.ts'
import { listenRetryDelaysMs, listenTimeoutMs } from '../../model/webhook-limits.ts'
import { createWebhookSecret, webhookHeaders } from '../../model/webhook-signature.ts'
import { withConnection } from '../connection.ts'
import { type EventFlags, eachEvent, withEventFilter } from '../each-event.ts'
import { UsageError } from '../failure.ts'
import { type Terminal, visible } from '../output/terminal.ts'

interface ListenFlags extends EventFlags {
  readonly forwardTo: string
  readonly secret?: string
}

/**
 * `assay listen`: forwards what happens to a program on this machine, as a webhook would. It reads the feed as any client does, so the server
 * need not reach the program, and nothing has to be allowed there.
 */
export function registerListen(program: Command, terminal: Terminal): void {
  const listen = program
    .command('listen')
    .description('forward what happens to a program on this machine, as a webhook would: for local work')
    .requiredOption('--forward-to <url>', 'where to post messages, such as http://localhost:3000')
    .option('--secret <secret>', 'sign with this secret instead of a new one')
  withConnection(withEventFilter(listen, 'latest')).action(async ({ forwardTo, secret = createWebhookSecret(), ...flags }: ListenFlags) => {
    if (!/^https?:\/\//.test(forwardTo) || !URL.canParse(forwardTo))
      throw new UsageError(`"${forwardTo}" is no URL: write it as http://localhost:3000.`)
    if (!/^whsec_[A-Za-z0-9+/]+=*$/.test(secret)) throw new UsageError('--secret must begin with whsec_ and go on in base64.')
    terminal.remark(`Forwarding to ${forwardTo}. Stop with Ctrl+C. The secret of the signatures is:`)
    terminal.print(secret)
    await eachEvent(flags, { after: 'latest', follow: true }, (event, signal) =>
      forwardEvent(event, { forwardTo, secret, terminal, signal }),
    )
  })
}

interface Forwarding {
  readonly forwardTo: string
  readonly secret: string
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** Posts it, again a few times if that fails, and says in a line what came of each try. */
async function forwardEvent(event: Event, { forwardTo, secret, terminal, signal }: Forwarding): Promise<void> {
  const { id, type, time, path = null } = event
  const body = writeCloudEvent({ id, source: 'urn:assay:listen', type, time, path, data: event })
  for (const [tries, delayMs] of listenRetryDelaysMs.entries()) {
    if (delayMs > 0) await pause(delayMs, signal).catch(() => undefined)
    if (signal.aborted) return
    const startedAt = performance.now()
    const headers = webhookHeaders({ id, timestamp: Math.floor(Date.now() / 1000), body }, [secret])
    const outcome = await post(forwardTo, headers, body)
    const next = listenRetryDelaysMs[tries + 1]
    const again = outcome.isTaken ? '' : next === undefined ? ', given up' : `, again in ${next / 1000} s`
    const mark = outcome.isTaken ? terminal.paint('green', '✓') : terminal.paint('red', '✗')
    terminal.print(
      `${mark} ${id}  ${outcome.said} in ${Math.round(performance.now() - startedAt)} ms${again}  ${type}${path === null ? '' : ` ${visible(path)}`}`,
    )
    if (outcome.isTaken) return
  }
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<{ isTaken: boolean; said: string }> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(listenTimeoutMs) })
    await response.body?.cancel()
    return { isTaken: response.ok, said: String(response.status) }
  } catch {
    return { isTaken: false, said: 'no answer' }
  }
}
