/** Limits of the threads that read, as in `limits.ts`. */
import { miB } from './units.ts'

/** Contents go to a thread in parts: small enough to spread a batch over all threads, large enough to hide the hand-over. */
export const maxThreadPartAssets = 64
export const minThreadPartAssets = 8
export const maxThreadPartBytes = 8 * miB
/** Decoded side by side: Node has four threads for that. */
export const maxPicturesPerThread = 4
/** How often a working thread's time and heap are looked at: one look takes it some 30 µs. */
export const threadWatchMs = 50
/** V8 ends the whole process when a heap is full; the watch ends the thread at a part of that. */
export const threadHeapReserveFactor = 4
export const threadStartTimeoutMs = 30_000
export const threadHeapMiB = 512
/** A thread whose heap takes more after a task is replaced, which takes 0.15 s of CPU time. Topics as they are leave it at 200. */
export const spentThreadHeapMiB = 256
/** So is one that has made a text of that length: of 27,000 references, say. */
export const spentThreadTextBytes = miB
/** For young objects. With 48, as V8 has it, the heap of a thread grows by 100 more over a large document, that of the database's thread by 40. */
export const threadYoungHeapMiB = 24
