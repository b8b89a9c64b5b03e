import { rulesSliceAssets } from '../model/path-rule-limits.ts'
import { compilePathRules } from '../model/path-rules.ts'
import type { PathRuleStore } from '../processing/path-rule-ports.ts'
import type { DatabaseConnection } from './database.ts'
import type { JobSender } from './job-sender.ts'
import { ignoredOf } from './path-rule-book.ts'
import { applyDecisions } from './queries/apply-path-rules.ts'
import { changePathRules } from './queries/change-path-rules.ts'
import { listUndecidedAssets } from './queries/list-undecided-assets.ts'
import { readPathRules, toStoredRules } from './queries/read-path-rules.ts'

/** The path rules in the database, and their application to the assets that are there. */
export function createPathRuleStore(database: DatabaseConnection, jobs: JobSender): PathRuleStore {
  return {
    read: async () => toStoredRules(await readPathRules(database.kysely)),
    change: (rules, changedBy, accepts) =>
      database.transaction(async (trx) => {
        const changed = await changePathRules(trx, rules, changedBy, accepts)
        if (changed?.applied === false) await jobs.sendApplyRules(trx)
        return changed
      }),
    async applyNext() {
      const row = await readPathRules(database.kysely)
      const { version, recheck, recheck_after: after } = row
      if (recheck === null) return true
      const assets = await listUndecidedAssets(database.kysely, recheck, after, rulesSliceAssets)
      // Outside of the transaction: an expression may take its time.
      const ignored = await ignoredOf(
        compilePathRules(row),
        assets.map(({ path }) => path),
      )
      const differing = assets.flatMap((asset) => {
        const isIgnored = ignored.has(asset.path)
        return isIgnored === asset.is_ignored ? [] : [{ ...asset, is_ignored: isIgnored }]
      })
      const next = assets.length < rulesSliceAssets ? null : assets.at(-1)!.path
      await database.transaction(async (trx) => {
        const slice = await applyDecisions(trx, { version, after }, differing, next)
        if (slice && slice.orders.length > 0) await jobs.sendPostProcess(trx, slice.orders)
        if (slice && slice.changed > 0) await jobs.sendResolve(trx)
      })
      return false
    },
  }
}
