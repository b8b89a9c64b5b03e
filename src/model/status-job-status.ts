/** Statuses of a status job: it speaks of the collecting of the list, not of the assets in it. */
export const statusJobStatuses = ['WAITING', 'PROCESSING', 'SUCCESS', 'FAILURE'] as const
export type StatusJobStatus = (typeof statusJobStatuses)[number]
