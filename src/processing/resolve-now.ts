import type { AssetStore, Reader, Resolution } from './ports.ts'
import { resolveReferences } from './resolve-references.ts'

/** How the references of that revision stand at this moment; `null` when the asset has another result by now. Writes nothing. */
export type ResolveNow = (id: number, revision: number) => Promise<Resolution | null>

/** For those who look at an asset before a pass has taken up what changed around it. */
export function createResolveNow(store: Pick<AssetStore, 'readReferences' | 'findTargets'>, reader: Pick<Reader, 'resolve'>): ResolveNow {
  return async (id, revision) => {
    const [stored] = await store.readReferences([id])
    if (stored?.revision !== revision) return null
    const { resolutions } = await resolveReferences(store, reader, [stored])
    return resolutions[0]!
  }
}
