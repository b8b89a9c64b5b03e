/** Bulk processing as AEM Guides documents it: names, keys and their order are Adobe's. */
import { type Static, Type } from 'typebox'
import { assetTypes } from '../../model/asset-type.ts'
import { maxRunExclusions } from '../../model/run-limits.ts'
import { runStatuses } from '../../model/run-status.ts'
import { orNull } from '../shapes.ts'

/** The one kind of run there is here. */
export const processingType = 'ASSET_PROCESSING'

/** Up to the end of the year 9999: later instants have no form in RFC 3339, in which the native interface shows them. */
const EpochMs = Type.Integer({ minimum: 0, maximum: 253_402_300_799_999, description: 'Milliseconds since 1970.' })
const FileType = Type.Enum([...assetTypes])

/** Starts a processing run. `null` and what is absent narrow nothing. */
export const StartProcessRequest = Type.Object({
  path: Type.String({ description: 'Folder or asset.' }),
  excludedPaths: Type.Optional(
    Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: maxRunExclusions }), Type.Null()], {
      description: 'Folders and assets to leave out, with all below them.',
    }),
  ),
  type: Type.Optional(Type.Enum([processingType])),
  filter: Type.Optional(
    orNull(
      Type.Object({
        fileTypes: Type.Optional(orNull(Type.Array(FileType))),
        startTime: Type.Optional(orNull(EpochMs)),
        endTime: Type.Optional(orNull(EpochMs)),
        filterProcessedAssets: Type.Optional(orNull(Type.Boolean({ description: 'Leave out what was processed as it is now.' }))),
      }),
    ),
  ),
})
export type StartProcessRequest = Static<typeof StartProcessRequest>

/** The answer to a start. */
export const StartedProcess = Type.Object({ processingId: Type.String() })

/** The body of what changes a run: which one. */
export const ProcessReference = Type.Object({ processingId: Type.String() })

/** How a run stands. Times are milliseconds since 1970. */
export const ProcessStatus = Type.Object({
  processingId: Type.String(),
  path: Type.String(),
  excludedPaths: Type.Array(Type.String()),
  status: Type.Enum([...runStatuses]),
  triggeredCount: Type.Integer({ description: 'Assets that were marked for processing so far.' }),
  startedAt: orNull(Type.Integer()),
  completedAt: orNull(Type.Integer()),
  hasLogs: Type.Boolean(),
  createdBy: Type.String(),
  type: Type.Enum([processingType]),
  migrationSet: Type.Object({
    totalFiles: Type.Integer({ description: '0 until they are counted.' }),
    calculationStatus: Type.Enum(['WAITING', 'SUCCESS']),
  }),
  eta: Type.Object({
    value: orNull(Type.Integer({ description: '`null` before there is enough to see.' })),
    unit: Type.Enum(['SECONDS']),
  }),
  comments: Type.String(),
  restartable: Type.Boolean(),
  resumable: Type.Boolean(),
  cancellable: Type.Boolean(),
  filter: Type.Object({
    fileTypes: Type.Array(FileType),
    startTime: Type.Optional(Type.Integer()),
    endTime: Type.Optional(Type.Integer()),
    filterProcessedAssets: Type.Boolean(),
  }),
})
export type ProcessStatus = Static<typeof ProcessStatus>

/** The last runs, newest first. */
export const ProcessHistory = Type.Object({ executionHistory: Type.Array(ProcessStatus) })
