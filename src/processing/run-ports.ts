/** What processing runs need from outside: see `ports.ts`. */
import type { AssetType } from '../model/asset-type.ts'
import type { PathRange } from '../model/path-ranges.ts'
import type { RuleList } from '../model/path-rules.ts'
import type { RunFilter, RunScope } from '../model/run.ts'
import type { RunStatus } from '../model/run-status.ts'
import type { JobClaim } from './ports.ts'

/** A run to start. */
export interface RunOrder extends RunScope, RunFilter {
  readonly createdBy: string
  /** Of one caller, the same key starts one run only. */
  readonly idempotencyKey?: string | undefined
  /** Only assets whose revision was received before; default: before now. What comes later is processed because it comes. */
  readonly receivedBefore?: Date | undefined
}

/** What became of an order. `known`: the same caller has started it with this key before. */
export type RunStart =
  | { readonly outcome: 'started' | 'known'; readonly id: string }
  | { readonly outcome: 'overlaps'; readonly id: string }
  | { readonly outcome: 'nothing-there' }
  | { readonly outcome: 'key-reused' }

/** What became of an order to a run that is there already. `overlaps`: `id` is the run that is in the way. */
export type RunChange =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'refused'; readonly status: RunStatus }
  | { readonly outcome: 'overlaps'; readonly id: string }

/** The right of one worker to carry a run on: lost as soon as another worker begins it, or the run is stopped. */
export interface RunTurn {
  readonly id: string
  readonly turn: number
  /** Where it looks for assets. */
  readonly ranges: readonly PathRange[]
}

/** What one step of a run came to. `lost`: the turn is over. `waiting`: there is nothing to do before assets come to an end. */
export type RunStep = 'moved' | 'waiting' | 'finished' | 'lost'

/** How many assets one path rule leaves out. */
export interface RuleShare {
  /**
   * `null`: no rule speaks of these assets. `enabled`: the rules were changed and now say that they are processed, which is about to be applied.
   */
  readonly list: RuleList | null
  readonly entry: string | null
  readonly assets: number
}

/** Which path rules leave assets out. */
export interface IgnoredByRule {
  /** Those that leave out most, the most first; least figures, of the beginning of the tree, where some are `uncounted`. */
  readonly rules: readonly RuleShare[]
  /** Assets left out by other rules. */
  readonly others: number
  /** Assets for which there was no time to ask. */
  readonly uncounted: number
}

/** What a run would do. */
export interface RunPreview {
  /** Assets that would be processed. */
  readonly total: number
  readonly byType: Readonly<Record<AssetType, number>>
  /** Assets below the path that would be left out by each exclusion (one that lies below another has none), in the order given. */
  readonly byExclusion: readonly number[]
  /** Assets that would be left out by path rules. */
  readonly ignored: number
  readonly ignoredByRule: IgnoredByRule
  /** Assets that would be left out by the filter, each by the first of its parts that does not hold. */
  readonly byFilter: { readonly type: number; readonly created: number; readonly selection: number }
  /** A run that is in the way. */
  readonly overlaps: string | null
}

/** Processing runs: what callers do with them, the turns of workers, and what the sweep does. */
export interface RunStore {
  /** Stores the run as WAITING and enqueues it, in one transaction in which no other run over the same assets is or becomes active. */
  start(order: RunOrder): Promise<RunStart>
  /** What {@link start} would do; `null` where nothing is at the path. */
  preview(order: RunOrder): Promise<RunPreview | null>
  /** Stops a run. Assets that it has marked and nobody has begun to read are as before; those that are being read come to their end. */
  cancel(id: string, by: string): Promise<RunChange>
  /** Lets a cancelled or failed run go on from its last checkpoint. */
  resume(id: string, by: string): Promise<RunChange>
  /** The order of a run, to start it again; `null` when there is no such run. */
  readOrder(id: string): Promise<Omit<RunOrder, 'createdBy'> | null>

  /** Begins a turn; `null` when the run is finished, stopped or gone. */
  begin(id: string): Promise<RunTurn | null>
  /** Counts what the run is about to process, unless that is done. In pieces, so that nobody waits long; ends early when aborted. */
  count(turn: RunTurn, signal: AbortSignal): Promise<void>
  /** One transaction: follows the assets that are under way, and takes up the next batch if there is room. */
  advance(turn: RunTurn): Promise<RunStep>
  /** Ends a turn: completes its job and, if the run is to go on, sends the next one, behind those of other runs. */
  handOver(id: string, completes: JobClaim): Promise<void>
  /** Marks the run FAILURE with a reason, unless it is finished or stopped. */
  fail(id: string, reason: string): Promise<void>

  /** Enqueues active runs whose job the queue has lost. */
  requeueStuck(): Promise<void>
  /** Removes runs that were over that long ago, with their logs. Returns how many. */
  expire(ageMs: number): Promise<number>
  /**
   * Starts a run for assets that nobody has processed and that no job of the queue is for, if there are any, `intervalMs` after the last
   * look at the earliest, in all processes together. Gives its id.
   */
  takeUpUnprocessed(intervalMs: number): Promise<string | null>
}
