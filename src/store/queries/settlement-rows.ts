import { type RawBuilder, sql } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import { assetTypes } from '../../model/asset-type.ts'
import { eventTypes } from '../../model/event-type.ts'
import type { Settlement } from '../../processing/ports.ts'
import type { RowTypes } from './row-set.ts'

/** What becomes of an asset that is settled, and the claim by which that is allowed. */
export interface SettlementRow {
  readonly id: number
  readonly path: string
  readonly revision: number
  readonly attempts: number
  readonly status: number
  readonly type: number
  readonly media_type: string
  readonly title: string | null
  readonly errors: number
  readonly warnings: number
  readonly infos: number
  readonly told: string | null
}

/** The same, for a row set. */
export const settlementTypes = {
  id: 'bigint',
  path: 'text',
  revision: 'integer',
  attempts: 'smallint',
  status: 'smallint',
  type: 'smallint',
  media_type: 'text',
  title: 'text',
  errors: 'integer',
  warnings: 'integer',
  infos: 'integer',
  told: 'text',
} as const satisfies RowTypes<SettlementRow>

export function toSettlementRow({ claim, reading, resolution }: Settlement): SettlementRow {
  return {
    id: claim.id,
    path: claim.path,
    revision: claim.revision,
    attempts: claim.attempts,
    status: assetStatuses.indexOf(reading.outcome),
    type: assetTypes.indexOf(reading.type),
    media_type: reading.mediaType,
    title: reading.title,
    errors: reading.problemCounts.error + resolution.problemCounts.error,
    warnings: reading.problemCounts.warning + resolution.problemCounts.warning,
    infos: reading.problemCounts.info + resolution.problemCounts.info,
    told: claim.isNew ? reading.failureDetail : tellAgain(reading.failureDetail),
  }
}

/** The detail of an event says as well that the asset had a result before. */
function tellAgain(detail: string | null): string {
  return detail === null ? '{"again":true}' : `${detail.slice(0, -1)},"again":true}`
}

/** Of an asset `a` and its row `i`: path, revision and claim are still the same. */
export const isStillClaimed = sql`a.id = i.id and a.path = i.path and a.revision = i.revision and a.attempts = i.attempts
  and a.status = ${sql.lit(assetStatuses.indexOf('PROCESSING'))}`

/** `update assay.asset a set … from …`, of rows `i`. */
export function settleFrom(rows: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    update assay.asset a set status = i.status, type = i.type, media_type = i.media_type, title = i.title, error_count = i.errors,
      warning_count = i.warnings, info_count = i.infos, settled_at = now()
    from ${rows} where ${isStillClaimed}`
}

/** The events of assets that were settled, from a step of that name. */
export const tellSettled = sql`
  insert into assay.event (type, status, revision, subject, path, detail)
  select ${sql.lit(eventTypes['asset.processed'])}, status - ${sql.lit(assetStatuses.indexOf('SUCCESS'))}, revision, uuid, path, told from settled`
