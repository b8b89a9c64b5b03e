/**
 * The status of an asset, and its whole life as one total table.
 *
 * `PENDING`    received, waits for post-processing
 * `PROCESSING` a worker has claimed this revision
 * `SUCCESS`    this revision was processed; problems of severity warning or info may remain
 * `FAILURE`    no trustworthy result exists for this revision; at least one problem of severity error says why
 */
export const assetStatuses = ['PENDING', 'PROCESSING', 'SUCCESS', 'FAILURE'] as const
export type AssetStatus = (typeof assetStatuses)[number]

/**
 * What can happen to an asset.
 *
 * `received`    a new revision was stored
 * `claimed`     a worker takes the revision (again, when an earlier worker died)
 * `succeeded`   the claimed revision was processed
 * `failed`      the claimed revision cannot be processed, or its tries are used up
 * `released`    a worker gives the revision back unfinished (it shuts down)
 * `reprocessed` an operator asks for the same revision to be processed again
 *
 * A run that is cancelled takes its `reprocessed` back where nobody has begun to read: the asset stands again as it stood before, with the result of
 * that revision (`store/queries/withdraw-run.ts`). It is no event of this table, which knows no past.
 */
export const assetEvents = ['received', 'claimed', 'succeeded', 'failed', 'released', 'reprocessed'] as const
export type AssetEvent = (typeof assetEvents)[number]

/** `null`: the event is refused in this status, nothing is written. */
export const assetLifecycle: Readonly<Record<AssetStatus, Readonly<Record<AssetEvent, AssetStatus | null>>>> = {
  PENDING: { received: 'PENDING', claimed: 'PROCESSING', succeeded: null, failed: null, released: null, reprocessed: 'PENDING' },
  PROCESSING: {
    received: 'PENDING',
    claimed: 'PROCESSING',
    succeeded: 'SUCCESS',
    failed: 'FAILURE',
    released: 'PENDING',
    reprocessed: 'PENDING',
  },
  SUCCESS: { received: 'PENDING', claimed: null, succeeded: null, failed: null, released: null, reprocessed: 'PENDING' },
  FAILURE: { received: 'PENDING', claimed: null, succeeded: null, failed: null, released: null, reprocessed: 'PENDING' },
}

/** The statuses in which `event` is accepted, for the WHERE of the statement that carries the event out. */
export function statusesAccepting(event: AssetEvent): AssetStatus[] {
  return assetStatuses.filter((status) => assetLifecycle[status][event] !== null)
}

/** A final status changes only by a new revision or an order to process again. */
export function isFinal(status: AssetStatus): boolean {
  return status === 'SUCCESS' || status === 'FAILURE'
}
