import { InvalidPathError, parseAssetPath, pathKey } from './asset-path.ts'
import { PathPattern, PatternError } from './path-pattern.ts'
import { maxPathRuleInstructions, maxPathRules, maxRegexCharacters } from './path-rule-limits.ts'

/** The two lists, in the order in which a tie between them is decided. */
export const ruleLists = ['ignored', 'enabled'] as const
export type RuleList = (typeof ruleLists)[number]

/**
 * Which paths are post-processed. An entry is a path, which stands for itself and all below it, or `regex:` and a regular expression (RE2)
 * that has to match a whole path; it stands for what it matches and all below that.
 */
export type PathRules = Readonly<Record<RuleList, readonly string[]>>

/** What AEM Guides begins with. */
export const defaultPathRules: PathRules = { ignored: ['/content/dam/projects/translation_output'], enabled: ['/content/dam'] }

const regexPrefix = 'regex:'

/** Where a rule stands that is not allowed, what is wrong with it, and what to write instead. */
export interface RuleFinding {
  readonly list: RuleList
  /** Within its list, from 0; `null`: all rules together. */
  readonly index: number | null
  readonly detail: string
}

/** Rules that cannot be taken. */
export class InvalidRulesError extends Error {
  override readonly name = 'InvalidRulesError'
  readonly findings: readonly RuleFinding[]
  constructor(findings: readonly RuleFinding[]) {
    super(findings.map(({ list, detail }) => `${list}: ${detail}`).join('; '))
    this.findings = findings
  }
}

/** A rule that stands on paths: the text of its entry, and the path or pattern that it means. */
interface Compiled {
  readonly plain: ReadonlyMap<string, string>
  readonly patterns: readonly { readonly entry: string; readonly pattern: PathPattern }[]
}

/** Rules that are ready to be asked. `rules` are their entries in normal form: paths normalised, each entry once. */
export interface CompiledPathRules {
  readonly rules: PathRules
  readonly ignored: Compiled
  readonly enabled: Compiled
}

/** Checks and compiles rules. Throws {@link InvalidRulesError} with everything that is wrong. */
export function compilePathRules(rules: PathRules): CompiledPathRules {
  const findings: RuleFinding[] = []
  if (rules.ignored.length + rules.enabled.length > maxPathRules)
    throw new InvalidRulesError([
      {
        list: 'ignored',
        index: null,
        detail: `there are more than ${maxPathRules} rules: name the folders above, or use a regular expression`,
      },
    ])
  const [ignored, enabled] = ruleLists.map((list) => compileList(list, rules[list], findings)) as [Compiled, Compiled]
  const instructions = [...ignored.patterns, ...enabled.patterns].reduce((sum, { pattern }) => sum + pattern.instructions, 0)
  if (instructions > maxPathRuleInstructions)
    findings.push({
      list: 'ignored',
      index: null,
      detail: `the regular expressions are too large together (${instructions} instructions, at most ${maxPathRuleInstructions}): name folders, or count less with {n}`,
    })
  if (findings.length > 0) throw new InvalidRulesError(findings)
  return { rules: { ignored: entriesOf(ignored), enabled: entriesOf(enabled) }, ignored, enabled }
}

function entriesOf({ plain, patterns }: Compiled): string[] {
  return [...plain.values(), ...patterns.map(({ entry }) => entry)]
}

function compileList(list: RuleList, entries: readonly string[], findings: RuleFinding[]): Compiled {
  const plain = new Map<string, string>()
  const patterns = new Map<string, { entry: string; pattern: PathPattern }>()
  for (const [index, raw] of entries.entries()) {
    const entry = raw.trim()
    try {
      if (entry.startsWith(regexPrefix)) {
        if (!patterns.has(entry)) patterns.set(entry, { entry, pattern: compilePattern(entry.slice(regexPrefix.length)) })
      } else {
        const path = parseAssetPath(entry)
        if (!plain.has(pathKey(path))) plain.set(pathKey(path), path)
      }
    } catch (error) {
      if (!(error instanceof InvalidPathError || error instanceof PatternError)) throw error
      findings.push({ list, index, detail: error.message })
    }
  }
  return { plain, patterns: [...patterns.values()] }
}

function compilePattern(regex: string): PathPattern {
  if (regex.length > maxRegexCharacters)
    throw new PatternError(`has more than ${maxRegexCharacters} characters after "${regexPrefix}": divide it into several rules`)
  return new PathPattern(regex)
}

/** The rule that decided, and the folder (or the path itself) at which it did. */
export interface DecidingRule {
  readonly list: RuleList
  /** As it stands in its list. */
  readonly entry: string
  readonly at: string
}

/** Whether an asset at a path is post-processed; `rule` is `null` where no rule speaks of it, and then it is not. */
export interface PathDecision {
  readonly processed: boolean
  readonly rule: DecidingRule | null
}

/**
 * Decides on a path as AEM Guides does: of all folders of the path, and the path itself, the deepest one that a rule matches decides; where
 * an ignoring rule matches, enabling ones do not count. A regular expression that enables and was beaten at the deepest ignored folder
 * counts no more below it: it says nothing about what is below that it does not say about the folder.
 * Time linear in the length of the path, for each rule with a regular expression.
 */
export function decidePath(rules: CompiledPathRules, path: string): PathDecision {
  const key = pathKey(path)
  const ignoring = deepestMatch('ignored', rules.ignored, key, () => true)
  const floor = ignoring?.at ?? ''
  const enabling = deepestMatch('enabled', rules.enabled, key, (pattern) => floor === '' || !pattern.matches(floor))
  const rule = enabling !== null && enabling.at.length > floor.length ? enabling : ignoring
  return { processed: rule?.list === 'enabled', rule }
}

function deepestMatch(
  list: RuleList,
  { plain, patterns }: Compiled,
  key: string,
  counts: (pattern: PathPattern) => boolean,
): DecidingRule | null {
  let deepest = deepestPlain(list, plain, key)
  for (const { entry, pattern } of patterns) {
    const length = pattern.deepestMatch(key)
    if (length > (deepest?.at.length ?? 0) && counts(pattern)) deepest = { list, entry, at: key.slice(0, length) }
  }
  return deepest
}

function deepestPlain(list: RuleList, plain: ReadonlyMap<string, string>, key: string): DecidingRule | null {
  if (plain.size === 0) return null
  for (let length = key.length; length > 0; length = key.lastIndexOf('/', length - 1)) {
    const at = key.slice(0, length)
    const entry = plain.get(at)
    if (entry !== undefined) return { list, entry, at }
  }
  const root = plain.get('/')
  return root === undefined ? null : { list, entry: root, at: '/' }
}
