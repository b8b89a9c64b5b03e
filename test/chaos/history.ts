/**
 * What clients did to a server that was disturbed meanwhile, and whether what is there afterwards can have come of it.
 *
 * Each path has one writer at a time, so its operations have an order. An operation that was answered has happened. One whose answer was
 * lost may have happened or not: from then on several states are possible, until an answered one or a look settles it.
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
  /** Of a FAILURE: what it was explained with. */
  readonly reason?: string
}

/** An entry of a status list. */
export interface ListedAsset {
  readonly path: string
  readonly uuid?: string
  readonly status: string
}

/** An operation that has begun. As long as none of these was called it may have happened or not. */
export interface Operation {
  /** It was answered with success. `uuid` is what the answer said; for a removal it is left out. */
  succeeded(uuid?: string): void
  /** Its answer was lost, or was an error that leaves open whether it happened. */
  unknown(why: string): void
}

/** All that is known of one path. */
interface Track {
  possible: readonly Possible[]
  /** What happened since last only one state was possible: enough to see how a violation came about. */
  entries: string[]
}

const nothing: Possible = { title: null, uuid: null }

export class History {
  /** Status jobs that were begun, with a digest of their answer once that is final. */
  readonly statusJobs = new Map<string, string | null>()
  readonly #tracks = new Map<string, Track>()
  readonly #touched = new Set<string>()
  readonly #violations: string[] = []
  readonly #startedAt = performance.now()
  #operations = 0
  #answered = 0
  #waiting: { readonly count: number; readonly resolve: () => void }[] = []

  /** Operations that were answered with success so far. */
  get answered(): number {
    return this.#answered
  }

  /** All that was found so far and cannot be, each with the minimal history of its path. */
  get violations(): readonly string[] {
    return this.#violations
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
    return this.#begin(path, `put “${title}”`, (before, uuid) => {
      const kept = before.title === null ? null : before.uuid
      if (kept !== null && uuid !== undefined && uuid !== kept) return null
      return { title, uuid: uuid ?? kept }
    })
  }

  /** A removal begins. */
  remove(path: string): Operation {
    return this.#begin(path, 'remove', () => nothing)
  }

  #begin(path: string, what: string, apply: (before: Possible, uuid: string | undefined) => Possible | null): Operation {
    const track = this.#trackOf(path)
    const before = track.possible
    const name = `#${++this.#operations}`
    this.#note(track, `${name} invoke ${what}`)
    this.#touched.add(path)
    // As long as no answer comes, both are possible.
    track.possible = distinct([...before, ...before.map((state) => apply(state, undefined)!)])
    return {
      succeeded: (uuid) => {
        this.#note(track, `${name} ok${uuid === undefined ? '' : ` ${uuid}`}`)
        const after = before.flatMap((state) => apply(state, uuid) ?? [])
        if (after.length === 0) this.#violate(path, `answered with ${uuid}, but had ${JSON.stringify(before)}`)
        track.possible = distinct(after.length > 0 ? after : before)
        this.#count()
      },
      unknown: (why) => this.#note(track, `${name} unknown (${why})`),
    }
  }

  /** Compares one path with what was found there (`null`: nothing), and from then on knows it. */
  observe(path: string, found: Pick<Found, 'title' | 'uuid'> | null): void {
    this.#touched.delete(path)
    const known = found === null ? nothing : { title: found.title, uuid: found.uuid }
    this.#narrow(path, `read ${describe(known)}`, ({ title, uuid }) =>
      found === null ? title === null : title === found.title && (uuid === null || uuid === found.uuid),
    )
    this.#trackOf(path).possible = [known]
  }

  /** Compares a status list with what is known of the paths below `folder`, on which nothing was under way while it was made. */
  observeList(folder: string, list: readonly ListedAsset[]): void {
    for (const [index, { path }] of list.entries()) {
      if (index > 0 && Buffer.compare(Buffer.from(list[index - 1]!.path), Buffer.from(path)) >= 0) {
        this.violate(`A list has “${path}” behind “${list[index - 1]!.path}”.`)
      }
    }
    const listed = new Map(list.map((asset) => [asset.path, asset]))
    const known = [...this.#tracks.keys()].filter((path) => path.startsWith(`${folder}/`))
    for (const path of new Set([...known, ...listed.keys()])) {
      const asset = listed.get(path)
      this.#narrow(path, asset ? `listed ${asset.uuid} ${asset.status}` : 'not listed', ({ title, uuid }) =>
        asset ? title !== null && (uuid === null || uuid === asset.uuid) : title === null,
      )
    }
  }

  /** All that cannot be: lost or invented contents, changed or doubled UUIDs, unfinished assets, results of other contents. */
  check(all: readonly Found[]): readonly string[] {
    const byPath = new Map(all.map((found) => [found.path, found]))
    for (const path of new Set([...this.#tracks.keys(), ...byPath.keys()])) this.observe(path, byPath.get(path) ?? null)
    const owners = new Map<string, string>()
    for (const { path, uuid, status, title, processedTitle, reason = '' } of all) {
      if (owners.has(uuid)) this.#violate(path, `has the UUID ${uuid}, and so has ${owners.get(uuid)}`)
      owners.set(uuid, path)
      if (status !== 'SUCCESS') this.#violate(path, `is ${status}. ${reason}`)
      else if (processedTitle !== title) this.#violate(path, `holds “${title}”, but “${processedTitle}” was processed`)
    }
    return this.#violations
  }

  /** Records something that must not be and belongs to no path. */
  violate(what: string): void {
    this.#violations.push(what)
  }

  #narrow(path: string, what: string, isPossible: (state: Possible) => boolean): void {
    const track = this.#trackOf(path)
    this.#note(track, what)
    const matching = track.possible.filter(isPossible)
    if (matching.length === 0) this.#violate(path, `${what}, possible were ${JSON.stringify(track.possible)}`)
    else track.possible = matching
  }

  #violate(path: string, what: string): void {
    this.#violations.push([`${path}: ${what}`, ...this.#trackOf(path).entries].join('\n    '))
  }

  #trackOf(path: string): Track {
    let track = this.#tracks.get(path)
    if (!track) this.#tracks.set(path, (track = { possible: [nothing], entries: [] }))
    return track
  }

  #note(track: Track, what: string): void {
    const [only, ...others] = track.possible
    if (what.includes(' invoke ') && only && others.length === 0) track.entries = [`known: ${describe(only)}`]
    track.entries.push(`${((performance.now() - this.#startedAt) / 1000).toFixed(3)} s  ${what}`)
  }

  #count(): void {
    this.#answered++
    for (const waiting of this.#waiting) if (this.#answered >= waiting.count) waiting.resolve()
    this.#waiting = this.#waiting.filter(({ count }) => this.#answered < count)
  }
}

function describe({ title, uuid }: Possible): string {
  return title === null ? 'nothing' : `“${title}” ${uuid}`
}

function distinct(states: readonly Possible[]): Possible[] {
  return [...new Map(states.map((state) => [JSON.stringify(state), state])).values()]
}
