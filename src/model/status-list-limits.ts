/** Limits of the lists of status jobs. The others are in `limits.ts`. */
export const statusListChunkAssets = 10_000
/** Stretches of paths that a chunk is made of: 20,000 of them, of 10,000 paths, cost each chunk some 10 ms of both threads. */
export const statusListChunkStretches = 2000
/** One snapshot for a list of millions of assets; each chunk takes tens of milliseconds. */
export const statusListTimeoutMs = 10 * 60_000
/** Pieces of a list that are read while one is sent, 0.3 MB each: the second makes a poll of ten pieces an eighth faster, a third one nothing. */
export const statusListPiecesAhead = 2
/** Lists up to this size are remembered by the process that sent them, so many of them: 6 MiB altogether. */
export const maxSmallListBytes = 64 * 1024
export const maxRememberedLists = 100
