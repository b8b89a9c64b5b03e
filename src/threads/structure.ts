import { type LoopAsset, structuralTargets } from '../dita/resolve/loops.ts'
import { foldHash, foldKey } from '../model/fold-hash.ts'
import { maxReferenceGraphAssets } from '../model/limits.ts'
import type { KnownTargets } from './known-targets.ts'

/**
 * Follows what an asset pulls from and includes, from asset to asset. `assets` are those among which its loops are found: itself alone, as
 * long as nothing leads back to it. `wanted`: fold hashes of assets that must be known to go on.
 */
export function exploreStructure(source: LoopAsset, known: KnownTargets): { assets: LoopAsset[]; wanted: number[] } {
  const reached = new Map<string, LoopAsset>()
  const wanted = new Set<number>()
  const own = foldKey(source.path)
  let leadsBack = false
  const pending = [source]
  for (let next = pending.pop(); next !== undefined && reached.size < maxReferenceGraphAssets; next = pending.pop()) {
    for (const key of structuralTargets(next)) {
      if (key === own) leadsBack = true
      const targets = known.at(key)
      // Nothing there, or not asked for yet: the one who asks knows.
      if (targets.length === 0 && next !== source) wanted.add(foldHash(key))
      for (const target of targets) {
        if (target.isStructureMissing) wanted.add(foldHash(key))
        const { structure } = target
        if (structure === null || structure.path === source.path || reached.has(structure.path)) continue
        reached.set(structure.path, structure)
        pending.push(structure)
      }
    }
  }
  return { assets: leadsBack ? [source, ...reached.values()] : [source], wanted: [...wanted] }
}
