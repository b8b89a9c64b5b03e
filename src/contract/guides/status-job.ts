/** The asset-status API of AEM Guides: names, keys and their order are Adobe's. */
import { type Static, Type } from 'typebox'
import { assetStatuses } from '../../model/asset-status.ts'
import { statusJobStatuses } from '../../model/status-job-status.ts'

const PathOrPaths = Type.Union([Type.String(), Type.Array(Type.String())])

/** Folders or assets to report on. Forms and query parameters carry the same names, repeated for several values, also as `paths[]`. */
export const StartStatusJobRequest = Type.Object({
  paths: Type.Optional(PathOrPaths),
  path: Type.Optional(PathOrPaths),
  excludedPaths: Type.Optional(PathOrPaths),
  excludedPath: Type.Optional(PathOrPaths),
})
export type StartStatusJobRequest = Static<typeof StartStatusJobRequest>

/** An asset in the list of a status job: exactly these keys, in this order. */
export const ListedAsset = Type.Object({
  path: Type.String(),
  uuid: Type.Optional(Type.String({ description: 'Absent where `exists` is false.' })),
  status: Type.Enum([...assetStatuses]),
  exists: Type.Boolean(),
})
export type ListedAsset = Static<typeof ListedAsset>

/** The answer to start and poll. `assets` is there when the job is SUCCESS. */
export const StatusJob = Type.Object({
  jobId: Type.String(),
  status: Type.Enum([...statusJobStatuses]),
  assets: Type.Optional(Type.Array(ListedAsset)),
})
export type StatusJob = Static<typeof StatusJob>
