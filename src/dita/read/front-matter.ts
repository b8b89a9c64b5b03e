import { parse } from 'yaml'
import { maxFrontMatterBytes, maxMetadataEntries } from '../../model/document-limits.ts'

/** The YAML block at the beginning of a Markdown document. */
export interface FrontMatter {
  /** Scalar values by name; a nested one's name is joined with dots, each item of a list stands by itself. */
  readonly entries: readonly { readonly name: string; readonly value: string }[]
  /** What is wrong with it, or `null`. */
  readonly problem: string | null
  /** The text behind it begins here (UTF-16 units), and that many lines stand before it. */
  readonly end: number
  readonly lines: number
}

const none: FrontMatter = { entries: [], problem: null, end: 0, lines: 0 }

/** Reads the front matter of `text`, if it has any: from a line `---` at the very beginning to the next `---` or `...`. */
export function readFrontMatter(text: string): FrontMatter {
  const opening = /^---[ \t]*\r?\n/.exec(text)
  if (opening === null) return none
  const closing = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m
  const block = text.slice(opening[0].length, opening[0].length + maxFrontMatterBytes)
  const found = closing.exec(block)
  if (found === null) return none
  const end = opening[0].length + found.index + found[0].length
  const lines = text.slice(0, end).split('\n').length - 1
  return { ...parseBlock(block.slice(0, found.index)), end, lines }
}

function parseBlock(block: string): Pick<FrontMatter, 'entries' | 'problem'> {
  try {
    const entries: { name: string; value: string }[] = []
    collect(parse(block, { maxAliasCount: 100, logLevel: 'error', prettyErrors: false }), '', entries)
    return { entries, problem: null }
  } catch (error) {
    // Flow collections nested thousands deep exhaust the stack of the library: a RangeError, caught like any other fault.
    return { entries: [], problem: error instanceof Error ? error.message.split('\n')[0]! : String(error) }
  }
}

function collect(value: unknown, name: string, entries: { name: string; value: string }[]): void {
  if (entries.length >= maxMetadataEntries || value === null || value === undefined) return
  if (Array.isArray(value)) for (const item of value) collect(item, name, entries)
  else if (typeof value === 'object' && !(value instanceof Date)) {
    for (const [key, item] of Object.entries(value)) collect(item, name === '' ? key : `${name}.${key}`, entries)
  } else entries.push({ name, value: String(value) })
}
