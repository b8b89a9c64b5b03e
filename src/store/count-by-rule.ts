import { setImmediate } from 'node:timers/promises'
import type { PathRange } from '../model/path-ranges.ts'
import { maxRuleTurnMs } from '../model/path-rule-limits.ts'
import { type CompiledPathRules, compilePathRules, decidePath } from '../model/path-rules.ts'
import { maxPreviewRules, maxPreviewRulesMs, runScanAssets } from '../model/run-limits.ts'
import type { IgnoredByRule, RuleShare } from '../processing/run-ports.ts'
import type { DatabaseConnection } from './database.ts'
import { listIgnoredPaths } from './queries/list-ignored-paths.ts'
import { rangesAfter } from './queries/plan-run.ts'
import { readPathRules } from './queries/read-path-rules.ts'

const usualBounds = { scanAssets: runScanAssets, timeMs: maxPreviewRulesMs, rules: maxPreviewRules }

/**
 * Which rules decide on the ignored assets in some ranges, of which there are `ignored`. The database knows that they are ignored, not why: so
 * their paths are read in pieces, and the rules in force are asked about each, until the time for it is over.
 */
export async function countByRule(
  { kysely, transaction }: Pick<DatabaseConnection, 'kysely' | 'transaction'>,
  ranges: readonly PathRange[],
  ignored: number,
  bounds = usualBounds,
): Promise<IgnoredByRule> {
  const until = performance.now() + bounds.timeMs
  const rules = compilePathRules(await readPathRules(kysely))
  const shares = new Map<string, RuleShare>()
  let counted = 0
  for (let left = [...ranges]; left.length > 0 && counted < ignored && performance.now() < until; ) {
    const piece = await transaction((trx) => listIgnoredPaths(trx, left, bounds.scanAssets))
    // More may have become ignored since they were counted.
    counted += await decideOn(rules, piece.paths.slice(0, ignored - counted), shares, until)
    left = piece.lastPath === null ? [] : rangesAfter(left, piece.lastPath)
  }
  const sorted = [...shares.values()].sort((a, b) => b.assets - a.assets)
  const others = sorted.slice(bounds.rules).reduce((sum, { assets }) => sum + assets, 0)
  return { rules: sorted.slice(0, bounds.rules), others, uncounted: ignored - counted }
}

/** Adds to the shares; gives how many paths there was time for. Lets the event loop turn in between. */
async function decideOn(
  rules: CompiledPathRules,
  paths: readonly string[],
  shares: Map<string, RuleShare>,
  until: number,
): Promise<number> {
  let turnEndsAt = performance.now() + maxRuleTurnMs
  for (const [index, path] of paths.entries()) {
    if (performance.now() > turnEndsAt) {
      await setImmediate()
      if (performance.now() > until) return index
      turnEndsAt = performance.now() + maxRuleTurnMs
    }
    const { list = null, entry = null } = decidePath(rules, path).rule ?? {}
    const key = `${list} ${entry}`
    shares.set(key, { list, entry, assets: (shares.get(key)?.assets ?? 0) + 1 })
  }
  return paths.length
}
