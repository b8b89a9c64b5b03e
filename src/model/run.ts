import { covers, pathKey } from './asset-path.ts'
import type { AssetType } from './asset-type.ts'

/** Who starts runs that nobody has asked for: AEM Guides' name for it. */
export const systemRunner = 'System'

/** Which assets of a tree a run takes: those whose last processing failed, or those that were never processed as they are now. */
export const runSelections = ['all', 'failed', 'unprocessed'] as const
export type RunSelection = (typeof runSelections)[number]

/** What narrows a run besides its exclusions. */
export interface RunFilter {
  /** `null`: of any type. */
  readonly types: readonly AssetType[] | null
  /** Bounds on when the asset was created, both included; milliseconds since 1970, `null` for none. */
  readonly createdFromMs: number | null
  readonly createdToMs: number | null
  readonly selection: RunSelection
}

/** A tree to process, or a single asset, without what lies at or below the exclusions. */
export interface RunScope {
  readonly path: string
  readonly excluded: readonly string[]
}

/**
 * What became of an asset in a run: a letter each, so that a batch of outcomes is a short text.
 *
 * `open`      it waits or is being processed
 * `replaced`  another revision was received meanwhile, and is processed by itself; or path rules have come to ignore it
 * `deleted`   it was removed meanwhile
 * `withdrawn` the run was cancelled before it was its turn; it is as it was before
 */
export const runOutcomeLetters = { open: '.', succeeded: 'S', failed: 'F', replaced: 'R', deleted: 'D', withdrawn: 'W' } as const

/** What became of an asset in a run. */
export type RunOutcome = keyof typeof runOutcomeLetters

const outcomesByLetter = new Map(Object.entries(runOutcomeLetters).map(([outcome, letter]) => [letter as string, outcome as RunOutcome]))

/** The outcome that a stored letter stands for. Throws for any other letter. */
export function outcomeOfLetter(letter: string): RunOutcome {
  const outcome = outcomesByLetter.get(letter)
  if (outcome === undefined) throw new RangeError(`No outcome has the letter ${JSON.stringify(letter)}.`)
  return outcome
}

/**
 * Whether two runs could take the same asset: one path covers the other, and none of the exclusions covers all that they share. Filters
 * are left out of account: they look at what changes.
 */
export function overlap(one: RunScope, other: RunScope): boolean {
  const [a, b] = [pathKey(one.path), pathKey(other.path)]
  if (!covers(a, b) && !covers(b, a)) return false
  const shared = covers(a, b) ? b : a
  return ![...one.excluded, ...other.excluded].some((path) => covers(pathKey(path), shared))
}
