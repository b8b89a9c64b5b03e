import type { PathRuleStore } from './path-rule-ports.ts'

/**
 * Decides all assets by the path rules in force. Goes on where the last one ended, however it ended; throws the reason of `signal` when that is
 * aborted.
 */
export async function applyPathRules(rules: Pick<PathRuleStore, 'applyNext'>, signal: AbortSignal): Promise<void> {
  while (!(await rules.applyNext())) signal.throwIfAborted()
}
