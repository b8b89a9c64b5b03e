import type { AssetType } from '../model/asset-type.ts'
import type { ResolveOrder, TargetAsset } from '../processing/ports.ts'
import type { PackedReadings } from './pack-readings.ts'
import type { PackedResolutions } from './pack-resolutions.ts'

/** One content of a part: its bytes lie at `offset` in the part's memory. */
export interface SharedContent {
  readonly path: string
  /** Of the whole content, which may be longer than what is there to read. */
  readonly size: number
  readonly offset: number
  readonly length: number
}

/** Read these contents. */
export interface ReadTask {
  readonly kind: 'read'
  readonly memory: SharedArrayBuffer
  readonly contents: readonly SharedContent[]
}

/** Resolve the references of these assets against these targets. */
export interface ResolveTask {
  readonly kind: 'resolve'
  readonly orders: readonly ResolveOrder[]
  readonly targets: readonly TargetAsset[]
}

/** Cut the source at these places. */
export interface ExcerptTask {
  readonly kind: 'excerpt'
  readonly type: AssetType
  readonly memory: SharedArrayBuffer
  readonly places: readonly { readonly line: number; readonly column: number }[]
}

/** What a thread is asked to do, one at a time. */
export type ThreadTask = ReadTask | ResolveTask | ExcerptTask

/** What a task gives. */
export type ResultOf<Task extends ThreadTask> = Task extends ReadTask
  ? PackedReadings
  : Task extends ResolveTask
    ? PackedResolutions
    : (string | null)[]

/** What a thread says. `isSpent`: another thread is cheaper than what its heap takes. `failed`: our fault, not the content's; the thread goes on. */
export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result: ResultOf<ThreadTask>; readonly isSpent: boolean }
  | { readonly kind: 'failed'; readonly message: string }
