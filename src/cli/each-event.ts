import type { Command } from 'commander'
import type { Event } from '../contract/native/event.ts'
import { type ConnectionFlags, connect } from './connection.ts'
import { repeatable } from './options/repeatable-option.ts'
import { stopSignal } from './stop-signal.ts'

/** The options of commands that go through events. */
export interface EventFlags extends ConnectionFlags {
  readonly after?: string
  readonly type?: string[]
  readonly path?: string[]
}

/** Adds the options that say which events are wanted. `defaultAfter` says where they begin without `--after`. */
export function withEventFilter(command: Command, defaultAfter: string): Command {
  return command
    .option('--after <id>', `begin after this event; or oldest, latest (default: ${defaultAfter})`)
    .addOption(repeatable('--type <type>', 'only events of this type, such as assay.asset.processed'))
    .addOption(repeatable('--path <path>', 'only events of this folder or asset'))
}

/** Hands the wanted events to `handle` one after another: up to now, or with `follow` until the user stops the command, which fires the signal. */
export async function eachEvent(
  { type, path, ...flags }: EventFlags,
  { after, follow }: { readonly after: string; readonly follow: boolean },
  handle: (event: Event, signal: AbortSignal) => Promise<void> | void,
): Promise<void> {
  const stopping = new AbortController()
  void stopSignal().then(() => stopping.abort())
  const { signal } = stopping
  const wanted = { after: flags.after ?? after, follow, ...(type && { types: type }), ...(path && { paths: path }), signal }
  try {
    for await (const event of (await connect(flags)).events(wanted)) await handle(event, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
