import type { Kysely, Selectable } from 'kysely'
import type { StoredPathRules } from '../../processing/path-rule-ports.ts'
import type { PathRulesTable, Schema } from '../schema-types.ts'

/** The one row of the rules. */
export type PathRulesRow = Selectable<PathRulesTable>

/** The path rules in force, and how far they are applied. */
export function readPathRules(db: Kysely<Schema>): Promise<PathRulesRow> {
  return db.selectFrom('assay.path_rules').selectAll().executeTakeFirstOrThrow()
}

/** What the row says. */
export function toStoredRules(row: PathRulesRow): StoredPathRules {
  const { version, ignored, enabled, changed_at, changed_by, recheck, newly_ignored, newly_enabled } = row
  return {
    version,
    rules: { ignored, enabled },
    changed: changed_at === null ? null : { at: changed_at, by: changed_by ?? '' },
    applied: recheck === null,
    newlyIgnored: newly_ignored,
    newlyEnabled: newly_enabled,
  }
}
