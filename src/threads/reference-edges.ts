import type { Reference } from '../dita/reference.ts'
import { targetOf } from '../dita/resolve/target-of.ts'
import { foldHash } from '../model/fold-hash.ts'
import { type AssetReading, edgeKind } from '../processing/ports.ts'

type EdgeKind = (typeof edgeKind)[keyof typeof edgeKind]

type Edges = Pick<AssetReading, 'edges' | 'edgeKinds' | 'edgeList' | 'edgeKindList'>

/** The distinct assets that the references at `path` lead to, apart from itself. */
export function edgesOf(references: readonly Reference[], path: string): Edges {
  // Two spellings of one path have one hash.
  const kinds = new Map<number, EdgeKind>()
  for (const reference of references) {
    const target = targetOf(reference, path)
    if (target.state !== 'local' || target.path === null || target.path === path) continue
    const kind = kindOf(reference, target.fragment)
    const hash = foldHash(target.path)
    if (kind >= (kinds.get(hash) ?? 0)) kinds.set(hash, kind)
  }
  const edges = Float64Array.from(kinds.keys())
  const edgeKinds = Uint8Array.from(kinds.values())
  return { edges, edgeKinds, edgeList: `{${edges.join(',')}}`, edgeKindList: edgeKinds.join('') }
}

function kindOf({ use }: Reference, fragment: string | null): EdgeKind {
  if (use === 'content' || use === 'map') return edgeKind.content
  return fragment === null ? edgeKind.link : edgeKind.fragment
}
