/** Limits of what large documents take, and large results, as in `limits.ts`. */

/**
 * Documents from this size on are read by half of the threads at most, and those of one batch at a time: what one takes (300 MiB for 1 MB of Markdown
 * marks) is not there for each thread.
 */
export const minLargeDocumentBytes = 512 * 1024
/**
 * A thread whose heap is larger than this after a large document is replaced: such documents are rare, and V8 does not give the memory back
 * by itself. Two threads kept 500 MiB after a few MB of Markdown.
 */
export const spentByLargeHeapMiB = 96
/** A longer text is not written in a list with others. The facts of 200,000 keys have 11 MB, what their document offers as targets 8. */
export const maxListedTextBytes = 2 * 1024 * 1024
/** References that are gone through in one turn of the event loop: no more than an ordinary batch has. */
export const maxEdgesPerTurn = 25_000
