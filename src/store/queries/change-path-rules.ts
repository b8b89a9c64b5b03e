import { sql, type Transaction } from 'kysely'
import { type PathRules, ruleLists } from '../../model/path-rules.ts'
import type { StoredPathRules } from '../../processing/path-rule-ports.ts'
import { pathRuleLock } from '../path-rule-lock.ts'
import type { Schema } from '../schema-types.ts'
import { toStoredRules } from './read-path-rules.ts'
import { writeEvents } from './write-events.ts'

/**
 * Puts other rules in force, and remembers which assets are to be decided anew: those at and below the paths that were added or taken away,
 * all of them for a regular expression. Waits until everybody has committed who decides by the rules before. `null`: those are not
 * accepted.
 */
export async function changePathRules(
  trx: Transaction<Schema>,
  rules: PathRules,
  changedBy: string,
  accepts: (found: StoredPathRules) => boolean,
): Promise<StoredPathRules | null> {
  const { lockClass, key } = pathRuleLock
  await sql`select pg_advisory_xact_lock(${lockClass}::integer, ${key}::integer)`.execute(trx)
  const before = await trx.selectFrom('assay.path_rules').selectAll().forUpdate().executeTakeFirstOrThrow()
  if (!accepts(toStoredRules(before))) return null
  const changed = ruleLists.flatMap((list) => [...new Set(before[list]).symmetricDifference(new Set(rules[list]))])
  if (changed.length === 0) return toStoredRules(before)
  const detail = { version: before.version + 1, added: withoutThoseOf(rules, before), removed: withoutThoseOf(before, rules) }
  await writeEvents(trx, [{ type: 'rules.changed', actor: changedBy, detail }])
  const recheck = [...new Set([...(before.recheck ?? []), ...changed.map(toRoot)])]
  return toStoredRules(
    await trx
      .updateTable('assay.path_rules')
      .set({
        version: before.version + 1,
        ignored: [...rules.ignored],
        enabled: [...rules.enabled],
        changed_at: sql<Date>`now()`,
        changed_by: changedBy,
        recheck: recheck.includes('/') ? ['/'] : recheck,
        recheck_after: '',
        newly_ignored: 0,
        newly_enabled: 0,
      })
      .returningAll()
      .executeTakeFirstOrThrow(),
  )
}

/** The event says what is different: lists of a thousand rules would hide it. */
function withoutThoseOf(one: PathRules, other: PathRules): PathRules {
  const without = (list: keyof PathRules) => [...new Set(one[list]).difference(new Set(other[list]))]
  return { ignored: without('ignored'), enabled: without('enabled') }
}

function toRoot(entry: string): string {
  return entry.startsWith('/') ? entry : '/'
}
