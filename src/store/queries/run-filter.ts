import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { assetStatuses, isFinal } from '../../model/asset-status.ts'
import { assetTypes } from '../../model/asset-type.ts'
import type { RunFilter } from '../../model/run.ts'

/** The parts of a filter as conditions on an asset `a`, in the order in which a dry run names the one that does not hold. */
export interface RunConditions {
  readonly type: RawBuilder<SqlBool>
  readonly created: RawBuilder<SqlBool>
  readonly selection: RawBuilder<SqlBool>
}

const always = sql<SqlBool>`true`
const unprocessed = assetStatuses.flatMap((status, index) => (isFinal(status) ? [] : [index]))

/** Makes the conditions of a filter. */
export function runConditions({ types, createdFromMs, createdToMs, selection }: RunFilter): RunConditions {
  return {
    type: types === null ? always : sql`a.type = any(${types.map((type) => assetTypes.indexOf(type))}::smallint[])`,
    created: sql`${createdFromMs === null ? always : sql<SqlBool>`a.created_at >= ${instant(createdFromMs)}`}
      and ${createdToMs === null ? always : sql<SqlBool>`a.created_at < ${instant(createdToMs + 1)}`}`,
    selection:
      selection === 'all'
        ? always
        : sql`a.status = any(${selection === 'failed' ? [assetStatuses.indexOf('FAILURE')] : unprocessed}::smallint[])`,
  }
}

/**
 * The database's clock is finer than a millisecond: a bound that is included ends where the next millisecond begins. As a number: years before 1
 * or after 9999 have other texts in PostgreSQL than in JavaScript.
 */
function instant(ms: number) {
  return sql`to_timestamp(${ms}::double precision / 1000)`
}
