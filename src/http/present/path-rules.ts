import type { RuleDecision, Rules } from '../../contract/native/rules.ts'
import type { PathDecision } from '../../model/path-rules.ts'
import type { StoredPathRules } from '../../processing/path-rule-ports.ts'

/** The rules as answers show them. */
export function presentRules({ version, rules, changed, applied, newlyIgnored, newlyEnabled }: StoredPathRules): Rules {
  return {
    ignored: [...rules.ignored],
    enabled: [...rules.enabled],
    version,
    changedAt: changed?.at.toISOString() ?? null,
    changedBy: changed?.by ?? null,
    applied,
    newlyIgnored,
    newlyEnabled,
  }
}

/** The entity tag of a version of the rules. */
export function etagOfRules({ version }: StoredPathRules): string {
  return `"rules-${version}"`
}

/** A decision with its reason. */
export function presentDecision(path: string, { processed, rule }: PathDecision): RuleDecision {
  return { path, processed, rule: rule && { ...rule }, explanation: explain(path, { processed, rule }) }
}

function explain(path: string, { processed, rule }: PathDecision): string {
  if (rule === null) return 'It is not post-processed: no rule speaks of it or of a folder above it. Add it to the enabled paths.'
  const what = processed ? 'It is post-processed' : 'It is not post-processed'
  const where = rule.at === path.normalize('NFC') ? 'it' : `“${rule.at}”`
  return `${what}: the deepest rule for it is “${rule.entry}” of the ${rule.list} paths, which matches ${where}.`
}
