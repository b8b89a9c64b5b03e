import { maxResolveDelayMs, resolveBatchAssets, targetChangesPerPass } from '../model/limits.ts'
import type { AssetStore, CurrentResolution, Reader, StoredReferences, TargetChange } from './ports.ts'
import { resolveReferences } from './resolve-references.ts'

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
    for await (const referrers of referrersOf(ports.store, changes)) {
      await resolveBatch(ports, referrers)
      signal.throwIfAborted()
    }
    await done()
    await ports.delay(Math.min(performance.now() - startedAt, maxResolveDelayMs), signal)
  }
}

/** All referrers in batches. The next batch is read while the last one is resolved: the database and the threads work side by side. */
async function* referrersOf(store: AssetStore, changes: readonly TargetChange[]): AsyncGenerator<StoredReferences[]> {
  const read = (afterId: number) => {
    const batch = store.findReferrers(changes, afterId, resolveBatchAssets)
    // Whoever asks for the batch gets the error; until then it must not count as unhandled.
    batch.catch(() => undefined)
    return batch
  }
  for (let next = read(0); ; ) {
    const batch = await next
    if (batch.length === 0) return
    next = read(batch.at(-1)!.id)
    yield batch
  }
}

async function resolveBatch({ store, reader, onResolved }: ResolvePorts, referrers: readonly StoredReferences[]): Promise<void> {
  const { resolutions } = await resolveReferences(store, reader, referrers)
  const changed: CurrentResolution[] = []
  for (const [index, resolution] of resolutions.entries()) {
    const referrer = referrers[index]!
    if (resolution.states !== referrer.states) changed.push({ ...resolution, revision: referrer.revision })
  }
  if (changed.length > 0) await store.saveResolutions(changed, null)
  onResolved(referrers.length, changed.length)
}
