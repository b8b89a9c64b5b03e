/**
 * Loops of references: maps that include one another, and elements that pull one another.
 *
 * A content reference pulls its target with everything in it. So the graph is one of elements: an element leads to the elements with ids
 * inside of it, and the nearest element with an id around a content reference leads to what is pulled. A reference is part of a loop when
 * both its ends are in one strongly connected component: then pulling comes back to it, through its own ancestors or through any number of
 * files. The same holds for maps, which include other maps or branches of themselves. Two files that pull different elements from one
 * another form no loop, and nothing is ever expanded: 2^29 phrases cost 30 nodes.
 */
import { foldKey } from '../../model/fold-hash.ts'
import type { Reference, TargetTable } from '../reference.ts'
import { componentsOf, type Graph, graphOf } from './components.ts'
import { isConref } from './content-references.ts'
import { indexOf } from './target-index.ts'
import { targetOf } from './target-of.ts'

/** An asset of the set in which loops are looked for. */
export interface LoopAsset {
  readonly path: string
  readonly targets: TargetTable
  readonly references: readonly Reference[]
}

/** A reference that is part of a loop. */
export interface LoopFinding {
  readonly path: string
  /** Its number in the references of the asset. */
  readonly reference: number
  readonly code: 'CONREF_LOOP' | 'MAP_LOOP'
  /** The round, from one asset or element to the next and back to the first. */
  readonly detail: string
}

/** Names at most this many stations of a round; the rest is counted. */
const maxStations = 6

/** Whether the reference pulls content into its place. A push does not: it changes the target once. */
function pulls(reference: Reference): boolean {
  return isConref(reference) && reference.conaction === null
}

/** Whether the reference includes a map. `anchorref` goes against the direction: what it holds is put into the map that it names. */
function includesMap(reference: Reference): boolean {
  return reference.use === 'map' && reference.element !== 'anchorref'
}

/** Whether loops can go through the reference. */
export function isStructural(reference: Reference): boolean {
  return pulls(reference) || includesMap(reference)
}

/**
 * The fold keys of the assets that must be known to follow the loops that `asset` may be part of: those that it pulls from and the maps that
 * it includes, itself left out. A caller loads them, asks again for those, and so on until nothing new comes, then calls {@link findLoops}.
 */
export function structuralTargets(asset: Pick<LoopAsset, 'path' | 'references'>): string[] {
  const keys = new Set<string>()
  const own = foldKey(asset.path)
  for (const reference of asset.references) {
    if (!isStructural(reference)) continue
    const { state, path } = targetOf(reference, asset.path)
    if (state === 'local' && path !== null) keys.add(foldKey(path))
  }
  keys.delete(own)
  return [...keys]
}

interface Edge {
  readonly asset: LoopAsset
  readonly reference: number
  readonly from: number
  readonly to: number
}

/**
 * Finds all references of the given assets that are part of a loop among them. Linear in their elements and references (DITA-OT: DOTX013E,
 * DOTX053E).
 */
export function findLoops(assets: readonly LoopAsset[]): LoopFinding[] {
  const byPath = new Map(assets.map((asset) => [asset.path, asset]))
  const nodes = new Nodes(byPath.values())
  return [...findLoopsOf(pulls, 'CONREF_LOOP', byPath, nodes), ...findLoopsOf(includesMap, 'MAP_LOOP', byPath, nodes)]
}

/** Node numbers: for each asset one for the document and one for each element of its table. */
class Nodes {
  private readonly firsts = new Map<string, number>()
  private readonly assets: readonly LoopAsset[]
  readonly count: number

  constructor(assets: Iterable<LoopAsset>) {
    this.assets = [...assets]
    let count = 0
    for (const asset of this.assets) {
      this.firsts.set(asset.path, count)
      count += asset.targets.elements.length + 1
    }
    this.count = count
  }

  /** The node of an element, -1 meaning the document. */
  of(asset: LoopAsset, element: number): number {
    return this.firsts.get(asset.path)! + 1 + element
  }

  /** Pairs (container, contained) for all elements. */
  containment(): number[] {
    const pairs: number[] = []
    for (const asset of this.assets) {
      for (const [element, { parent }] of asset.targets.elements.entries()) pairs.push(this.of(asset, parent), this.of(asset, element))
    }
    return pairs
  }
}

function findLoopsOf(
  follows: (reference: Reference) => boolean,
  code: LoopFinding['code'],
  assets: ReadonlyMap<string, LoopAsset>,
  nodes: Nodes,
): LoopFinding[] {
  const edges: Edge[] = []
  for (const asset of assets.values()) {
    for (const [index, reference] of asset.references.entries()) {
      const to = follows(reference) ? targetNode(asset, reference, assets, nodes) : null
      if (to !== null) edges.push({ asset, reference: index, from: nodes.of(asset, reference.within), to })
    }
  }
  return edges.length === 0 ? [] : loopsAmong(edges, nodes, code)
}

/** The node that a reference leads to, or `null` where that is not among the assets or not there. */
function targetNode(asset: LoopAsset, reference: Reference, assets: ReadonlyMap<string, LoopAsset>, nodes: Nodes): number | null {
  const { state, path, fragment } = targetOf(reference, asset.path)
  const target = state === 'local' && path !== null ? assets.get(path) : undefined
  if (target === undefined) return null
  const index = indexOf(target.targets)
  const found = index.find(fragment, target === asset ? reference.topic : -1)
  if (found === null) return null
  if (found.kind === 'whole') return nodes.of(target, -1)
  return nodes.of(target, found.kind === 'element' ? found.index : index.elementOfTopic(found.index))
}

function loopsAmong(edges: readonly Edge[], nodes: Nodes, code: LoopFinding['code']): LoopFinding[] {
  const pairs = nodes.containment()
  for (const { from, to } of edges) pairs.push(from, to)
  const graph = graphOf(nodes.count, pairs)
  const components = componentsOf(graph)
  const looping = edges.filter(({ from, to }) => components[from] === components[to])
  const rounds = new Map<number, string>()
  return looping.map((edge) => {
    const component = components[edge.from]!
    const detail = rounds.get(component) ?? describeRound(edge, looping, graph, components)
    rounds.set(component, detail)
    return { path: edge.asset.path, reference: edge.reference, code, detail }
  })
}

/** The shortest way round from an edge back to its beginning, as the assets and values on it. Found once per component, breadth first. */
function describeRound(start: Edge, looping: readonly Edge[], graph: Graph, components: Int32Array): string {
  const component = components[start.from]!
  const byEnds = new Map<string, Edge>()
  for (const edge of looping) if (components[edge.from] === component) byEnds.set(`${edge.from} ${edge.to}`, edge)
  const cameFrom = new Map<number, number>([[start.to, -1]])
  const queue = [start.to]
  for (let head = 0; head < queue.length && !cameFrom.has(start.from); head++) {
    const node = queue[head]!
    for (let at = graph.starts[node]!; at < graph.starts[node + 1]!; at++) {
      const next = graph.edges[at]!
      if (components[next] !== component || cameFrom.has(next)) continue
      cameFrom.set(next, node)
      queue.push(next)
    }
  }
  const stations: string[] = []
  for (let node = start.from; node !== start.to; ) {
    const before = cameFrom.get(node)!
    const edge = byEnds.get(`${before} ${node}`)
    if (edge !== undefined) stations.unshift(stationOf(edge))
    node = before
  }
  stations.unshift(stationOf(start))
  const shownStations = stations.slice(0, maxStations)
  if (stations.length > maxStations) shownStations.push(`… ${stations.length - maxStations} more`)
  return [...shownStations, stations[0]].join(' → ')
}

function stationOf({ asset, reference }: Edge): string {
  const { element, line, value } = asset.references[reference]!
  const name = asset.path.slice(asset.path.lastIndexOf('/') + 1)
  return `${name} line ${line} (${element} to ${value})`
}
