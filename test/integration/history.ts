/**
 * What clients did to a server that was killed meanwhile, and whether what is there afterwards can have come of it.
 *
 * Each path has one writer at a time, so its operations have an order. An operation that was answered has happened. One whose answer was
 * lost may have happened or not: from then on several states are possible, until an answered one settles it.
 */

/** What may be at a path: nothing (`title` is `null`), or the content with this title. `uuid` is `null` where no answer told it. */
interface Possible {
  readonly title: string | null
  readonly uuid: string | null
}

/** What is at a path in the end, as the server says. */
export interface Found {
  readonly path: string
  /** Title in the bytes of the original. */
  readonly title: string
  readonly uuid: string
  readonly status: string
  /** Title that processing found. */
  readonly processedTitle: string | null
}

/** An operation that has begun. Without an answer, or with an error, it may have happened or not. */
export interface Operation {
  /** It was answered with success. `uuid` is what the answer said; for a removal it is left out. */
  succeeded(uuid?: string): void
}

const nothing: Possible = { title: null, uuid: null }

export class History {
  readonly #possible = new Map<string, readonly Possible[]>()
  readonly #touched = new Set<string>()
  readonly #violations: string[] = []
  #answered = 0
  #waiting: { readonly count: number; readonly resolve: () => void }[] = []

  /** Operations that were answered with success so far. */
  get answered(): number {
    return this.#answered
  }

  /** Paths on which something was done since they were last observed. */
  get touched(): readonly string[] {
    return [...this.#touched]
  }

  /** Resolves when so many further operations have been answered. */
  further(count: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ count: this.#answered + count, resolve }))
  }

  /** An upload of the content with this title begins. */
  put(path: string, title: string): Operation {
    return this.#begin(path, (before, uuid) => {
      const kept = before.title === null ? null : before.uuid
      if (kept !== null && uuid !== undefined && uuid !== kept) return null
      return { title, uuid: uuid ?? kept }
    })
  }

  /** A removal begins. */
  remove(path: string): Operation {
    return this.#begin(path, () => nothing)
  }

  #begin(path: string, apply: (before: Possible, uuid: string | undefined) => Possible | null): Operation {
    const before = this.#possible.get(path) ?? [nothing]
    this.#touched.add(path)
    // As long as no answer comes, both are possible.
    this.#possible.set(path, distinct([...before, ...before.map((state) => apply(state, undefined)!)]))
    return {
      succeeded: (uuid) => {
        const after = before.flatMap((state) => apply(state, uuid) ?? [])
        if (after.length === 0) this.#violations.push(`${path}: answered with ${uuid}, but had ${JSON.stringify(before)}`)
        this.#possible.set(path, distinct(after.length > 0 ? after : before))
        this.#answered++
        for (const waiting of this.#waiting) if (this.#answered >= waiting.count) waiting.resolve()
        this.#waiting = this.#waiting.filter(({ count }) => this.#answered < count)
      },
    }
  }

  /** Compares one path with what was found there (`null`: nothing), and from then on knows it. */
  observe(path: string, found: Pick<Found, 'title' | 'uuid'> | null): void {
    const possible = this.#possible.get(path) ?? [nothing]
    this.#touched.delete(path)
    const matching = possible.filter(({ title, uuid }) =>
      found === null ? title === null : title === found.title && (uuid === null || uuid === found.uuid),
    )
    if (matching.length === 0) {
      this.#violations.push(`${path}: found ${JSON.stringify(found)}, possible were ${JSON.stringify(possible)}`)
    } else this.#possible.set(path, [found === null ? nothing : { title: found.title, uuid: found.uuid }])
  }

  /** All that cannot be: lost or invented contents, changed or doubled UUIDs, unfinished assets, results of other contents. */
  check(all: readonly Found[]): readonly string[] {
    const byPath = new Map(all.map((found) => [found.path, found]))
    for (const path of new Set([...this.#possible.keys(), ...byPath.keys()])) this.observe(path, byPath.get(path) ?? null)
    const owners = new Map<string, string>()
    for (const { path, uuid, status, title, processedTitle } of all) {
      if (owners.has(uuid)) this.#violations.push(`${uuid} belongs to ${owners.get(uuid)} and to ${path}`)
      owners.set(uuid, path)
      if (status !== 'SUCCESS') this.#violations.push(`${path} is ${status}`)
      else if (processedTitle !== title) this.#violations.push(`${path} holds “${title}”, but “${processedTitle}” was processed`)
    }
    return this.#violations
  }
}

function distinct(states: readonly Possible[]): Possible[] {
  return [...new Map(states.map((state) => [JSON.stringify(state), state])).values()]
}
