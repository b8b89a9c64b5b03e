import { setImmediate as giveOthersTheirTurn } from 'node:timers/promises'
import { maxEdgesPerTurn } from '../model/large-limits.ts'
import { maxReferenceGraphAssets, maxResolveRounds } from '../model/limits.ts'
import type { AssetStore, Reader, Resolution, ResolveOrder, TargetAsset } from './ports.ts'

/** References to resolve, with the fold hashes of their targets and how each is used (0: the target's table is not needed). */
export interface ResolveInput extends ResolveOrder {
  readonly edges: ArrayLike<number>
  readonly edgeKinds: ArrayLike<number>
}

/** What was seen of the tree: all fold hashes that were asked for, and the assets there. */
export interface TreeView {
  readonly hashes: ReadonlySet<number>
  readonly targets: readonly TargetAsset[]
}

/** Resolutions in the order of the input, and what of the tree they were resolved against. */
export interface Resolved {
  readonly resolutions: Resolution[]
  readonly view: TreeView
}

/**
 * Resolves references against the tree: one query for the targets of all, then further rounds for those that must follow chains of
 * content references or nested maps. `fresh` replaces what the store says of an asset by what is about to be settled.
 */
export async function resolveReferences(
  store: Pick<AssetStore, 'findTargets'>,
  reader: Pick<Reader, 'resolve'>,
  inputs: readonly ResolveInput[],
  fresh: ReadonlyMap<number, TargetAsset> = new Map(),
): Promise<Resolved> {
  const { hashes, withTables } = await collectHashes(inputs)
  const known = new Map<number, TargetAsset>()
  const load = async (wanted: readonly number[], tables: ReadonlySet<number>) => {
    for (const target of await store.findTargets(wanted, tables)) known.set(target.id, fresh.get(target.id) ?? target)
  }
  await load([...hashes], withTables)
  const resolutions = inputs.length === 0 ? [] : await reader.resolve(inputs, [...known.values()])
  const loaded = new Set(withTables)
  for (let round = 0; round < maxResolveRounds && known.size < maxReferenceGraphAssets; round++) {
    const open = resolutions.flatMap((resolution, index) => (resolution.wanted.length > 0 ? [index] : []))
    const wanted = [...new Set(open.flatMap((index) => resolutions[index]!.wanted))].filter((hash) => !loaded.has(hash))
    if (wanted.length === 0) break
    for (const hash of wanted) {
      loaded.add(hash)
      hashes.add(hash)
    }
    await load(wanted, loaded)
    const again = await reader.resolve(
      open.map((index) => inputs[index]!),
      [...known.values()],
    )
    for (const [place, index] of open.entries()) resolutions[index] = again[place]!
  }
  return { resolutions, view: { hashes, targets: [...known.values()] } }
}

interface WantedHashes {
  readonly hashes: Set<number>
  /** Those of them at which the table of what can be addressed is needed. */
  readonly withTables: ReadonlySet<number>
}

/** Where the inputs lead to. Others have their turns meanwhile: for 200,000 references it took 27 to 50 ms of the thread that serves HTTP. */
async function collectHashes(inputs: readonly ResolveInput[]): Promise<WantedHashes> {
  const hashes = new Set<number>()
  const withTables = new Set<number>()
  let untilPause = maxEdgesPerTurn
  for (const { edges, edgeKinds } of inputs) {
    for (let index = 0; index < edges.length; index++) {
      hashes.add(edges[index]!)
      if (edgeKinds[index]! > 0) withTables.add(edges[index]!)
      if (--untilPause > 0) continue
      untilPause = maxEdgesPerTurn
      await giveOthersTheirTurn()
    }
  }
  return { hashes, withTables }
}

/**
 * The fold hashes at which the store now says something else than what was seen: a target, or an asset on the way of a chain or a loop, came,
 * went or was settled while the resolving went on.
 */
export async function findChangedTargets(store: AssetStore, { hashes, targets }: TreeView): Promise<Set<number>> {
  const now = viewByHash(await store.findTargets([...hashes], new Set()))
  const then = viewByHash(targets)
  return new Set([...now.keys(), ...then.keys()].filter((hash) => now.get(hash) !== then.get(hash)))
}

function viewByHash(targets: readonly TargetAsset[]): Map<number, string> {
  const views = new Map<number, string[]>()
  for (const { foldHash, id, path, type, targetsDigest, unread } of targets) {
    const view = `${id}\n${path}\n${type}\n${targetsDigest ?? (unread ? 'ignored' : '')}`
    const list = views.get(foldHash)
    if (list) list.push(view)
    else views.set(foldHash, [view])
  }
  return new Map([...views].map(([hash, list]) => [hash, list.sort().join('\n')]))
}
