import { setImmediate } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { maxRuleTurnMs, rulesChangeTries } from '../model/path-rule-limits.ts'
import { type CompiledPathRules, compilePathRules, decidePath } from '../model/path-rules.ts'
import type { DatabaseConnection } from './database.ts'
import { DatabaseUnavailableError } from './database-errors.ts'
import { readPathRules } from './queries/read-path-rules.ts'
import type { Schema } from './schema-types.ts'

/** The rules of one version. */
export interface RulesInForce {
  readonly version: number
  /** Those of the paths that are not post-processed. Lets the event loop turn in between: an expression may take its time. */
  ignoredOf(paths: readonly string[]): Promise<ReadonlySet<string>>
  /** Throws, so that the transaction rolls back and is done again, unless the version that it holds in force is this one. */
  confirm(heldVersion: number): void
}

/** Others changed the rules while something was decided by the ones before. */
class RulesChangedError extends Error {
  override readonly name = 'RulesChangedError'
}

/**
 * The path rules as this process has read them last. Reading and compiling them for each upload would cost more than deciding: so whoever
 * decides does it by these, and asks in the statement that writes (`assay.hold_path_rules()`) whether they are still in force.
 */
export class PathRuleBook {
  readonly #database: DatabaseConnection
  #known: Promise<RulesInForce> | null = null

  constructor(database: DatabaseConnection) {
    this.#database = database
  }

  /** Runs `work` with the rules; again with others if it finds that these were changed. */
  async use<T>(work: (rules: RulesInForce) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const known = (this.#known ??= readRules(this.#database.kysely))
      try {
        return await work(await known)
      } catch (error) {
        if (this.#known === known) this.#known = null
        if (!(error instanceof RulesChangedError)) throw error
        if (attempt === rulesChangeTries)
          throw new DatabaseUnavailableError(`The path rules were changed ${attempt} times.`, { cause: error })
      }
    }
  }
}

async function readRules(db: Kysely<Schema>): Promise<RulesInForce> {
  const row = await readPathRules(db)
  const { version } = row
  const compiled = compilePathRules(row)
  return {
    version,
    ignoredOf: (paths) => ignoredOf(compiled, paths),
    confirm(heldVersion) {
      if (heldVersion !== version) throw new RulesChangedError(`The path rules have version ${heldVersion} instead of ${version}.`)
    },
  }
}

/** Those of the paths that rules ignore. */
export async function ignoredOf(rules: CompiledPathRules, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const ignored = new Set<string>()
  let turnEndsAt = performance.now() + maxRuleTurnMs
  for (const path of paths) {
    if (performance.now() > turnEndsAt) {
      await setImmediate()
      turnEndsAt = performance.now() + maxRuleTurnMs
    }
    if (!decidePath(rules, path).processed) ignored.add(path)
  }
  return ignored
}
