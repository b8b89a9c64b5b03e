import { maxReferenceGraphAssets, maxResolveDelayMs, maxResolveRounds, resolveBatchAssets, targetChangesPerPass } from '../model/limits.ts'
import type { AssetStore, CurrentResolution, Reader, StoredReferences, TargetChange } from './ports.ts'
import { resolveReferences } from './resolve-references.ts'
import { isSameText } from './stored-text.ts'

/** What a pass over changed targets needs. */
export interface ResolvePorts {
  readonly store: AssetStore
  readonly reader: Reader
  /** Resolves after so many milliseconds, or earlier when the signal is aborted. */
  delay(ms: number, signal: AbortSignal): Promise<void>
  /** Told how many assets a pass looked at and how many it wrote. */
  onResolved(looked: number, written: number): void
}

/**
 * Takes up all target changes and resolves the assets that refer to them again, from their stored references, without parsing anything.
 *
 * During a bulk import nearly every settled batch touches nearly every referrer. A pass therefore rests as long as it took (at most
 * `maxResolveDelayMs`), so that passes never take more than half of the machine, and changes that come meanwhile are taken together.
 * Only one pass runs at a time: the queue job that calls it is exclusive.
 */
export async function resolveChangedTargets(ports: ResolvePorts, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const startedAt = performance.now()
    const { changes, done } = await ports.store.takeTargetChanges(targetChangesPerPass)
    if (changes.length === 0) return
    await resolveReferrers(ports, await withRelays(ports.store, changes), signal)
    await done()
    await ports.delay(Math.min(performance.now() - startedAt, maxResolveDelayMs), signal)
  }
}

/**
 * A loop concerns all its members, however far they are from what closes or opens it. So whatever takes content in from what has changed, directly
 * or not, counts as changed as well, as far as resolving follows chains.
 */
async function withRelays(store: AssetStore, changes: readonly TargetChange[]): Promise<readonly TargetChange[]> {
  const known = new Map(changes.map((change) => [change.target, change]))
  let last = [...known.keys()]
  for (let round = 0; round < maxResolveRounds && last.length > 0 && known.size < changes.length + maxReferenceGraphAssets; round++) {
    last = (await store.findContentRelays(last)).filter((target) => !known.has(target))
    for (const target of last) known.set(target, { target, existence: false })
  }
  return [...known.values()]
}

/**
 * All that refer to what has changed, in batches. While one is resolved, the one before it is written and the next one is read: the threads
 * and the database work side by side.
 */
async function resolveReferrers(ports: ResolvePorts, changes: readonly TargetChange[], signal: AbortSignal): Promise<void> {
  const read = (afterId: number) => unhandledLater(ports.store.findReferrers(changes, afterId, resolveBatchAssets))
  let saving = Promise.resolve()
  let reading = read(0)
  try {
    for (let referrers = await reading; referrers.length > 0; referrers = await reading) {
      reading = read(referrers.at(-1)!.id)
      const changed = await resolveBatch(ports, referrers)
      await saving
      saving = unhandledLater(save(ports, referrers.length, changed))
      signal.throwIfAborted()
    }
    await saving
  } finally {
    // Whatever has failed: what is still being written is older than what the next pass will find, and must not come after it.
    await Promise.allSettled([saving, reading])
  }
}

/** Whoever waits for it gets the error; until then it must not count as unhandled. */
function unhandledLater<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}

/** Gives the resolutions that say something else than what is stored. */
async function resolveBatch({ store, reader }: ResolvePorts, referrers: readonly StoredReferences[]): Promise<CurrentResolution[]> {
  const { resolutions } = await resolveReferences(store, reader, referrers)
  return resolutions.flatMap((resolution, index) => {
    const { states, path, revision } = referrers[index]!
    return isSameText(resolution.states, states) ? [] : [{ ...resolution, path, revision }]
  })
}

async function save({ store, onResolved }: ResolvePorts, looked: number, changed: readonly CurrentResolution[]): Promise<void> {
  if (changed.length > 0) await store.saveResolutions(changed, null)
  onResolved(looked, changed.length)
}
