import { describeReferences } from '../checks/run-checks.ts'
import { decodeReferences } from '../dita/encode-references.ts'
import { encodeStates } from '../dita/encode-states.ts'
import { decodeTargets } from '../dita/encode-targets.ts'
import { findLoops, type LoopAsset } from '../dita/resolve/loops.ts'
import { type ResolvedReference, resolveReferences } from '../dita/resolve/resolve-references.ts'
import type { Resolution, ResolveOrder, TargetAsset } from '../processing/ports.ts'
import { textOf } from '../processing/stored-text.ts'
import { KnownTargets } from './known-targets.ts'
import { exploreStructure } from './structure.ts'

/** Resolves orders against the same targets, each of which is decoded at most once. */
export function createResolver(targets: readonly TargetAsset[]): (order: ResolveOrder) => Resolution {
  const known = new KnownTargets(targets)
  return ({ id, path, references, targets: own }) => {
    const source: LoopAsset = { path, references: decodeReferences(textOf(references)), targets: decodeTargets(textOf(own)) }
    const { assets, wanted } = exploreStructure(source, known)
    const resolved = markLoops(
      resolveReferences(source, (key) => known.at(key)),
      path,
      assets,
    )
    const { problems, counts } = describeReferences(source.references, resolved)
    return {
      id,
      states: encodeStates(resolved.map(({ state }) => state)),
      problems: JSON.stringify(problems),
      problemCounts: counts,
      wanted,
    }
  }
}

/** A reference may be good by itself and still be part of a loop. */
function markLoops(resolved: readonly ResolvedReference[], path: string, assets: readonly LoopAsset[]): ResolvedReference[] {
  const loops = new Map(findLoops(assets).flatMap((loop) => (loop.path === path ? [[loop.reference, loop]] : [])))
  return resolved.map((standing, index) => {
    const loop = loops.get(index)
    return loop !== undefined && standing.state === 'ok' ? { ...standing, state: loop.code, detail: loop.detail } : standing
  })
}
