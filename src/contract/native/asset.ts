import { type Static, Type } from 'typebox'
import { assetStatuses } from '../../model/asset-status.ts'
import { assetTypes } from '../../model/asset-type.ts'
import { maxIncomingReferences, maxOutgoingReferences } from '../../model/http-limits.ts'
import { severities } from '../../model/problem.ts'
import { Instant, orNull } from '../shapes.ts'

/** An asset as lists show it. */
export const AssetSummary = Type.Object({
  uuid: Type.String(),
  path: Type.String(),
  type: Type.Enum([...assetTypes]),
  status: Type.Enum([...assetStatuses]),
  ignored: Type.Boolean({
    description:
      'Path rules keep it from being post-processed: PENDING then means that nobody will look at it, and no status list shows it.',
  }),
  revision: Type.Integer(),
  title: orNull(Type.String()),
  size: Type.Integer({ description: 'Bytes.' }),
  sha256: Type.String({ description: 'Of the content, in hexadecimal.' }),
  mediaType: Type.String(),
  problemCounts: Type.Object({ error: Type.Integer(), warning: Type.Integer(), info: Type.Integer() }),
  createdAt: Instant,
  receivedAt: Instant,
  settledAt: orNull(Instant, 'When processing of this revision ended; null until then.'),
})
export type AssetSummary = Static<typeof AssetSummary>

/** One finding on the asset. Lines and columns count from 1. */
export const AssetProblem = Type.Object({
  code: Type.String(),
  severity: Type.Enum([...severities]),
  message: Type.String(),
  remedy: Type.String(),
  line: orNull(Type.Integer()),
  column: orNull(Type.Integer()),
  excerpt: orNull(Type.String(), 'The source line around the place, cut.'),
})
export type AssetProblem = Static<typeof AssetProblem>

/** A reference of this asset, and how it stands: `ok`, `waiting`, `external`, `peer`, `key`, `name`, or the code of its problem. */
export const OutgoingReference = Type.Object({
  element: Type.String(),
  attribute: Type.String(),
  value: Type.String(),
  line: Type.Integer(),
  column: Type.Integer(),
  use: Type.String(),
  scope: Type.String(),
  format: orNull(Type.String()),
  state: Type.String(),
  target: orNull(Type.String(), 'Path in the repository that the reference leads to, if it is local.'),
})
export type OutgoingReference = Static<typeof OutgoingReference>

/** An asset that refers to this one. */
export const IncomingReference = Type.Object({
  uuid: Type.String(),
  path: Type.String(),
  status: Type.Enum([...assetStatuses]),
  title: orNull(Type.String()),
})
export type IncomingReference = Static<typeof IncomingReference>

/** Everything about one asset. Problems, facts and references are those of `revision`: empty until it is processed. */
export const AssetDetail = Type.Object({
  ...AssetSummary.properties,
  problems: Type.Array(AssetProblem, { description: 'Errors first. May be cut; `problemCounts` is exact.' }),
  facts: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
  references: Type.Object({
    out: Type.Array(OutgoingReference, { description: `In the order of the document; the first ${maxOutgoingReferences} at most.` }),
    in: Type.Array(IncomingReference, {
      description: `By path; at most ${maxIncomingReferences}, those from the assets that were received first.`,
    }),
  }),
})
export type AssetDetail = Static<typeof AssetDetail>
