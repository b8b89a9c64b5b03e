/** Contents that nothing refers to any more, a share of all at a time: each call goes on where the last one, in any process, has ended. */
export interface ContentSweep {
  /** Of the `blobSlices` slices of all blobs the one whose turn it is. */
  nextBlobSlice(): Promise<number>
  /**
   * Calls `remove` with those of the blobs that no asset and no part of an upload refers to, and sees to it that none begins to until that has
   * resolved. Returns how many.
   */
  removeUnreferredBlobs(keys: readonly string[], remove: (orphans: readonly string[]) => Promise<void>): Promise<number>
  /** Removes packs that nothing refers to, and makes new ones of those that are mostly holes, if they are older than `graceMs`. Returns how many went. */
  sweepPacks(graceMs: number): Promise<number>
}
