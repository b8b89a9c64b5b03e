/** A directed graph over the numbers from 0: the successors of node `n` are `edges[starts[n]] … edges[starts[n + 1] - 1]`. */
export interface Graph {
  readonly starts: Int32Array
  readonly edges: Int32Array
}

/** Builds a graph of `nodeCount` nodes from its edges, given as pairs (from, to, from, to …). */
export function graphOf(nodeCount: number, pairs: readonly number[]): Graph {
  const starts = new Int32Array(nodeCount + 1)
  for (let index = 0; index < pairs.length; index += 2) starts[pairs[index]! + 1]!++
  for (let node = 0; node < nodeCount; node++) starts[node + 1]! += starts[node]!
  const next = starts.slice()
  const edges = new Int32Array(pairs.length / 2)
  for (let index = 0; index < pairs.length; index += 2) edges[next[pairs[index]!]!++] = pairs[index + 1]!
  return { starts, edges }
}

/**
 * The strongly connected component of each node (Tarjan 1972), with an explicit stack: chains of references may be as long as there are
 * references. Time and memory are linear in nodes and edges.
 */
export function componentsOf({ starts, edges }: Graph): Int32Array {
  const count = starts.length - 1
  const order = new Int32Array(count).fill(-1)
  const low = new Int32Array(count)
  const component = new Int32Array(count).fill(-1)
  const position = starts.slice()
  const path: number[] = []
  const waiting: number[] = []
  let visited = 0
  let components = 0
  const enter = (node: number) => {
    order[node] = low[node] = visited++
    path.push(node)
    waiting.push(node)
  }
  for (let root = 0; root < count; root++) {
    if (order[root]! >= 0) continue
    enter(root)
    while (path.length > 0) {
      const node = path[path.length - 1]!
      if (position[node]! < starts[node + 1]!) {
        const next = edges[position[node]!++]!
        if (order[next]! < 0) enter(next)
        else if (component[next]! < 0) low[node] = Math.min(low[node]!, order[next]!)
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!)
      if (low[node] !== order[node]) continue
      let member: number
      do {
        member = waiting.pop()!
        component[member] = components
      } while (member !== node)
      components++
    }
  }
  return component
}
