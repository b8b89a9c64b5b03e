import type { Command } from 'commander'
import type { Client } from '../../client/index.ts'
import { pause } from '../../client/pause.ts'
import type { CreateWebhookRequest, Delivery, DeliveryPage } from '../../contract/native/webhook.ts'
import { clientPollDelayMs } from '../../model/client-limits.ts'
import { maxPageItems } from '../../model/http-limits.ts'
import { webhookTestTimeoutMs } from '../../model/webhook-limits.ts'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { UsageError } from '../failure.ts'
import { parseCount } from '../options/parse-count.ts'
import { parseTime } from '../options/parse-time.ts'
import { repeatable } from '../options/repeatable-option.ts'
import { counted, type Terminal } from '../output/terminal.ts'
import { printDelivery, printWebhook } from '../output/webhook-report.ts'

interface AddFlags extends ConnectionFlags {
  readonly type?: string[]
  readonly path?: string[]
  readonly description?: string
  readonly format?: string
}

interface ReplayFlags extends ConnectionFlags {
  readonly failedSince?: string
  readonly neverAttemptedSince?: string
}

/** `assay webhooks …`: who is told of what happens, and whether it got there. */
export function registerWebhooks(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const webhooks = program.command('webhooks').description('have other programs told of what happens, over HTTP')
  registerChanges(webhooks, terminal)
  registerDeliveries(webhooks, terminal, end)
}

function registerChanges(webhooks: Command, terminal: Terminal): void {
  withConnection(webhooks.command('list', { isDefault: true }).description('list all webhooks')).action(async (flags: ConnectionFlags) => {
    const all = await (await connect(flags)).listWebhooks()
    if (all.length === 0) terminal.remark('There are no webhooks. Add one with: assay webhooks add <url>')
    for (const webhook of all) printWebhook(terminal, webhook)
  })

  const add = webhooks
    .command('add')
    .description('add a webhook and print its secret, once')
    .argument('<url>', 'where messages are posted')
    .addOption(repeatable('--type <type>', 'only events of this type, such as assay.asset.processed'))
    .addOption(repeatable('--path <path>', 'only events of this folder or asset'))
    .option('--description <text>', 'what it is for')
    .option('--format <format>', 'cloudevents (default), or guides for what AEM Guides tells its listeners')
  withConnection(add).action(async (url: string, { type: types, path: paths, description, format, ...flags }: AddFlags) => {
    const wanted = { url, ...(types && { types }), ...(paths && { paths }), ...(description && { description }), ...(format && { format }) }
    // What is wrong with the values is the server's to say.
    const { id, secret } = await (await connect(flags)).addWebhook(wanted as CreateWebhookRequest)
    terminal.print(secret)
    terminal.remark(`Webhook ${id} is added. Keep its secret now: it cannot be shown again. Try it with: assay webhooks test ${id}`)
  })

  const rotate = webhooks
    .command('rotate')
    .description('make another secret and print it, once; for a while the old one signs too')
    .argument('<id>', 'as list shows it')
    .option('--overlap <hours>', 'how long the old one signs too; 0 ends all earlier ones at once (default: 24)')
  withConnection(rotate).action(async (id: string, { overlap, ...flags }: ConnectionFlags & { readonly overlap?: string }) => {
    const seconds = overlap === undefined ? undefined : parseHours(overlap) * 3600
    const { secret, previousSecretsUntil: ends } = await (await connect(flags)).rotateWebhookSecret(id, seconds)
    terminal.print(secret)
    const [last, ...others] = ends
    if (last === undefined) terminal.remark('No earlier secret signs any more.')
    else if (others.length === 0) terminal.remark(`The old secret signs too until ${last}.`)
    else terminal.remark(`${ends.length} earlier secrets sign too, until ${ends.join(', ')}.`)
  })

  const switches = {
    enable: ['switch a webhook on: it goes on with what happens from now on', true],
    disable: ['switch a webhook off', false],
  } as const
  for (const [name, [description, enabled]] of Object.entries(switches)) {
    withConnection(webhooks.command(name).description(description).argument('<id>', 'as list shows it')).action(
      async (id: string, flags: ConnectionFlags) => printWebhook(terminal, await (await connect(flags)).changeWebhook(id, { enabled })),
    )
  }

  const remove = webhooks.command('remove').description('remove a webhook with its deliveries').argument('<id>', 'as list shows it')
  withConnection(remove).action(async (id: string, flags: ConnectionFlags) => {
    await (await connect(flags)).removeWebhook(id)
    terminal.remark(`Webhook ${id} is removed.`)
  })
}

function registerDeliveries(webhooks: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const test = webhooks
    .command('test')
    .description('send a message that tells of nothing, and say what came of it')
    .argument('<id>', 'as list shows it')
  withConnection(test).action(async (id: string, flags: ConnectionFlags) => {
    const client = await connect(flags)
    const delivery = await outcomeOf(client, id, await client.testWebhook(id))
    printDelivery(terminal, delivery)
    end(delivery.status === 'SUCCESS' ? exitCodes.succeeded : delivery.status === 'FAILURE' ? exitCodes.someFailed : exitCodes.unfinished)
  })

  const deliveries = webhooks
    .command('deliveries')
    .description('list what was sent and what came of it, newest first')
    .argument('<id>', 'as list shows it')
    .option('--failed', 'only what was given up')
    .option('--pending', 'only what will be tried, or tried again')
    .option('--limit <number>', `how many (default: 50, at most ${maxPageItems})`, '50')
  withConnection(deliveries).action(async (id: string, { failed, pending, limit, ...flags }: DeliveriesFlags) => {
    const status = failed ? 'FAILURE' : pending ? 'PENDING' : undefined
    const { items }: DeliveryPage = await (await connect(flags)).listDeliveries(id, {
      status,
      limit: parseCount('--limit', limit, maxPageItems),
    })
    if (items.length === 0) terminal.remark('There are none.')
    for (const delivery of items) printDelivery(terminal, delivery)
  })

  const replay = webhooks
    .command('replay')
    .description('send again: one delivery, all that failed, or all that was never tried')
    .argument('<id>', 'as list shows it')
    .argument('[delivery]', 'its number, as deliveries shows it')
    .option('--failed-since <time>', 'all that was given up since then, such as 2026-11-24T18:00:00Z')
    .option('--never-attempted-since <time>', 'all that happened since then while the webhook was not there or off')
  withConnection(replay).action(async (id: string, delivery: string | undefined, flags: ReplayFlags) => {
    const asked = [delivery, flags.failedSince, flags.neverAttemptedSince].filter((each) => each !== undefined)
    if (asked.length !== 1) throw new UsageError('Name one of: a delivery, --failed-since or --never-attempted-since.')
    const client = await connect(flags)
    if (delivery !== undefined)
      return printDelivery(terminal, await outcomeOf(client, id, await client.replayDelivery(id, Number(delivery))))
    const [what, option] =
      flags.failedSince === undefined ? (['never-attempted', '--never-attempted-since'] as const) : (['failed', '--failed-since'] as const)
    const { replayed, more } = await client.replayDeliveries(id, { what, since: parseTime(option, asked[0]!) })
    terminal.remark(`${counted(replayed, 'message')} will be sent${more ? '. There are more: ask again' : ''}.`)
  })
}

interface DeliveriesFlags extends ConnectionFlags {
  readonly failed?: boolean
  readonly pending?: boolean
  readonly limit: string
}

/** Waits until it has been tried: a replayed one may have been tried before. */
async function outcomeOf(client: Client, id: string, asked: Delivery): Promise<Delivery> {
  const until = performance.now() + webhookTestTimeoutMs
  for (;;) {
    const delivery = await client.readDelivery(id, asked.id)
    if (delivery.status !== 'PENDING' || delivery.failures > 0 || performance.now() > until) return delivery
    await pause(clientPollDelayMs)
  }
}

function parseHours(text: string): number {
  const hours = Number(text)
  if (hours >= 0 && hours <= 168) return hours
  throw new UsageError(`--overlap must be a number of hours, 168 at most. It is "${text}".`)
}
