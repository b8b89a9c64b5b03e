import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely'
import { type AssetStatus, assetStatuses } from '../../model/asset-status.ts'
import { type AssetType, assetTypes } from '../../model/asset-type.ts'
import type { Schema } from '../schema-types.ts'
import { type AssetRow, assetColumns } from './find-asset.ts'

/** Which assets are wanted; what is `undefined` does not narrow the list. */
export interface AssetFilter {
  /** In its stored spelling; its assets and those below it, or with `direct` its own only. */
  readonly folder?: string | undefined
  readonly direct?: boolean | undefined
  readonly statuses?: readonly AssetStatus[] | undefined
  readonly types?: readonly AssetType[] | undefined
  /** Whether path rules ignore them. Without it, those that they ignore are left out where `statuses` are asked for. */
  readonly ignored?: boolean | undefined
  /** Code of a problem that the current revision has. Letters, digits and underscores only. */
  readonly code?: string | undefined
  /** Part of the path or title, in any letter case. */
  readonly text?: string | undefined
}

/** The next `limit` assets after the path `after` (`''` from the start), in path order. */
export function listAssets(db: Kysely<Schema>, filter: AssetFilter, after: string, limit: number): Promise<AssetRow[]> {
  return db
    .selectFrom('assay.asset')
    .select(assetColumns)
    .where('path', '>', after)
    .where((builder) => builder.and(conditions(builder, filter)))
    .orderBy('path')
    .limit(limit)
    .execute()
}

function conditions(builder: ExpressionBuilder<Schema, 'assay.asset'>, filter: AssetFilter): Expression<SqlBool>[] {
  const found: Expression<SqlBool>[] = []
  if (filter.folder !== undefined) {
    const below = filter.folder === '/' ? '/' : `${filter.folder}/`
    found.push(builder('path', '>', below), builder('path', '<', `${below.slice(0, -1)}0`))
    if (filter.direct) found.push(sql<SqlBool>`position('/' in substr(path, char_length(${below}) + 1)) = 0`)
  }
  const ignored = filter.ignored ?? (filter.statuses ? false : undefined)
  if (ignored !== undefined) found.push(builder('is_ignored', '=', ignored))
  if (filter.statuses)
    found.push(
      builder(
        'status',
        'in',
        filter.statuses.map((status) => assetStatuses.indexOf(status)),
      ),
    )
  if (filter.types)
    found.push(
      builder(
        'type',
        'in',
        filter.types.map((type) => assetTypes.indexOf(type)),
      ),
    )
  if (filter.text !== undefined) {
    const pattern = `%${filter.text.replace(/[\\%_]/g, '\\$&')}%`
    found.push(builder.or([builder('path', 'ilike', pattern), builder('title', 'ilike', pattern)]))
  }
  if (filter.code !== undefined) found.push(hasProblem(filter.code))
  return found
}

/** Problems are stored as the JSON that answers show; without any, the row is told apart before its result is read. */
function hasProblem(code: string): Expression<SqlBool> {
  const part = `"code":"${code}"`
  return sql<SqlBool>`error_count + warning_count + info_count > 0 and exists (
    select 1 from assay.asset_result r where r.asset_id = asset.id and r.revision = asset.revision
      and (position(${part} in r.problems) > 0 or position(${part} in r.reference_problems) > 0))`
}
