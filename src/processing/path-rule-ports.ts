import type { PathRules } from '../model/path-rules.ts'

/** The path rules in force. */
export interface StoredPathRules {
  readonly version: number
  readonly rules: PathRules
  /** `null`: nobody has changed them yet. */
  readonly changed: { readonly at: Date; readonly by: string } | null
  /** Whether all assets are decided by them; until then `newlyIgnored` and `newlyEnabled` count what was found so far. */
  readonly applied: boolean
  readonly newlyIgnored: number
  readonly newlyEnabled: number
}

/** The path rules, and their application to assets. */
export interface PathRuleStore {
  read(): Promise<StoredPathRules>
  /**
   * Changes the rules, in normal form, and enqueues their application, in one transaction: whatever is received from then on, by any process, is
   * decided by them. `null`: `accepts` does not accept the rules that are to be replaced.
   */
  change(rules: PathRules, changedBy: string, accepts: (found: StoredPathRules) => boolean): Promise<StoredPathRules | null>
  /**
   * Decides the next assets by the rules in force, a slice of them in one transaction, and enqueues those that are newly enabled and not yet
   * processed. `true`: all are decided. Several may call it at the same time.
   */
  applyNext(): Promise<boolean>
}
