import { apiOf } from '../support/assay-api.ts'
import type { Target } from './clients.ts'
import type { Found, History } from './history.ts'

interface SeenEvent {
  readonly id: string
  readonly type: string
  readonly path?: string
  readonly uuid?: string
  readonly revision?: number
  readonly status?: string
}

interface Page {
  readonly items: readonly SeenEvent[]
  readonly nextCursor: string
  readonly hasMore: boolean
}

const pageItems = 1000

/** One reader of the feed of events through all faults: it goes on after the last position that an answer told it. */
export class EventReader {
  readonly #seen: SeenEvent[] = []
  #cursor = 'oldest'

  /** Reads while things happen, until the server is gone or `stop` fires. */
  async follow(target: Target, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      if (!(await this.#readOn(target, { prefer: 'wait=1' }).catch(() => null))) return
    }
  }

  /**
   * Reads what is left, and compares: the same log as one who reads it only now, and a log that tells how everything came to be as it is. `all`:
   * everything below `folder`.
   */
  async check(target: Target, folder: string, all: readonly Found[], history: History): Promise<void> {
    while ((await this.#readOn(target, {})).hasMore);
    const late = new EventReader()
    while ((await late.#readOn(target, {})).hasMore);
    const [followed, read] = [this, late].map((reader) => reader.#seen.map(({ id }) => id))
    const differing = followed!.findIndex((id, index) => id !== read![index])
    if (differing >= 0 || followed!.length < read!.length)
      history.violate(
        `A reader that followed saw ${followed!.length} events, one that came later ${read!.length}; the first to differ is ${differing}.`,
      )
    replay(late.#seen, folder, all, history)
  }

  async #readOn(target: Target, headers: Readonly<Record<string, string>>): Promise<Page> {
    const response = await apiOf(target).send(`/api/v1/events?after=${this.#cursor}&limit=${pageItems}`, { headers })
    if (!response.ok) throw new Error(`The feed answered ${response.status}.`)
    const page = (await response.json()) as Page
    this.#seen.push(...page.items)
    this.#cursor = page.nextCursor
    return page
  }
}

/** Nothing but the events says what is there: each revision follows on the one before, and what is there in the end is there for a reason. */
function replay(events: readonly SeenEvent[], folder: string, all: readonly Found[], history: History): void {
  const told = new Map<string, { readonly uuid: string; readonly revision: number; readonly status: string }>()
  for (const { type, path = '', uuid = '', revision = 0, status = '' } of events) {
    const before = told.get(path)
    if (type === 'assay.asset.received') {
      if (revision !== (before?.revision ?? 0) + 1)
        history.violate(`${path}: revision ${revision} was received after ${before?.revision ?? 'none'}.`)
      told.set(path, { uuid, revision, status: 'PENDING' })
    } else if (type === 'assay.asset.processed') {
      if (before?.uuid !== uuid || before.revision !== revision)
        history.violate(`${path}: revision ${revision} was processed, received was ${before?.revision}.`)
      else told.set(path, { ...before, status })
    } else if (type === 'assay.asset.deleted') told.delete(path)
  }
  const found = new Map(all.map((asset) => [asset.path, asset]))
  for (const path of new Set([...told.keys(), ...found.keys()])) {
    const [event, asset] = [told.get(path), found.get(path)]
    if (path.startsWith(`${folder}/`) && (event?.uuid !== asset?.uuid || event?.status !== asset?.status))
      history.violate(`${path}: events tell of ${event?.uuid} ${event?.status}, there is ${asset?.uuid} ${asset?.status}.`)
  }
}
