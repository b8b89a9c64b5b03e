import { RE2JS, RE2JSException } from 're2js'
import { maxRegexInstructions } from './path-rule-limits.ts'

/** A regular expression that cannot be used. `message` says why and what to write instead, without the expression itself. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/**
 * A regular expression over whole paths, in the syntax of RE2, on an engine that takes time linear in the length of the path whatever the
 * expression is: nothing that somebody writes into a rule can stop the server. Measured with the most expensive ones that the limits allow:
 * see docs/decisions/0015-path-rules.md.
 */
export class PathPattern {
  readonly #whole: RE2JS
  readonly #folder: RE2JS
  /** The size of the compiled expression; the time for a path is bounded by it. */
  readonly instructions: number

  /** Compiles an expression. Throws {@link PatternError}. */
  constructor(regex: string) {
    const source = withoutEnd(regex.normalize('NFC'))
    if (source === '') throw new PatternError('has no regular expression after the colon: write one such as /content/dam/.*/drafts')
    try {
      this.#whole = RE2JS.compile(source)
      // Finds the deepest folder in one pass: the longest beginning of the path that matches, before a slash.
      this.#folder = RE2JS.compile(`(?:${source})/`, RE2JS.LONGEST_MATCH)
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error
      throw new PatternError(`is not a regular expression that can be used: ${reasonOf(error)}. ${syntaxRemedy}`)
    }
    this.instructions = this.#folder.programSize()
    if (this.instructions > maxRegexInstructions)
      throw new PatternError(
        `is too large (${this.instructions} instructions, at most ${maxRegexInstructions}): divide it into several rules, or count less with {n}`,
      )
  }

  /** Whether it matches all of the path. */
  matches(path: string): boolean {
    return this.#whole.matches(path)
  }

  /** The length of the longest beginning of the path that it matches: the path itself or a folder above it. -1: none. */
  deepestMatch(path: string): number {
    const matcher = this.#folder.matcher(`${path}/`)
    return matcher.lookingAt() ? matcher.end() - 1 : -1
  }
}

const syntaxRemedy = 'Use the syntax of RE2, which has neither look-around nor back references'

function reasonOf({ message }: Error): string {
  return message.replace(/^error parsing regexp: /, '').replaceAll('`', '"')
}

/** Without a `$` or `\z` at the end, which a match of the whole path needs not; elsewhere they would mean something that no path has. */
function withoutEnd(regex: string): string {
  const token = /\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]])*\]?|./gs
  let end = regex.length
  for (const { 0: part, index } of regex.matchAll(token)) {
    if (part !== '$' && part !== '\\z' && part !== '\\Z') continue
    if (index + part.length < regex.length)
      throw new PatternError(`has a "${part}" before its end: leave it out, the expression has to match the whole path anyway`)
    end = index
  }
  return regex.slice(0, end)
}
