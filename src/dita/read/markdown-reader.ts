import MarkdownIt, { type Token } from 'markdown-it'
import type { Reference } from '../reference.ts'
import type { Findings } from './findings.ts'
import { HtmlReader } from './html-reader.ts'
import { isKeyReference } from './key-names.ts'
import { simpleReference } from './simple-reference.ts'
import { collapse } from './text-captures.ts'

// Addresses are recorded as they are written: the resolver judges them, script addresses too.
const parser = new MarkdownIt('commonmark', { html: true }).enable('table')
parser.normalizeLink = (address) => address
parser.validateLink = () => true

/** A heading, with the id that it is addressed by. */
export interface Heading {
  readonly level: number
  readonly text: string
  readonly id: string
  readonly offset: number
}

/** Reads the body of a Markdown document: links, pictures, headings, the first paragraph, and HTML inside of it. */
export class MarkdownReader {
  readonly references: Reference[] = []
  readonly headings: Heading[] = []
  firstParagraph: string | null = null
  blockCount = 0
  readonly html: HtmlReader
  private readonly findings: Findings
  private readonly starts: readonly number[]
  private readonly firstLine: number
  private readonly keysAllowed: boolean
  private readonly source: string

  /**
   * `starts` are the byte offsets of the lines of the whole document, `firstLine` the number of lines before `source`. `[key]` means a key
   * only where `keysAllowed`: in MDITA, not in Markdown at large, where brackets are brackets.
   */
  constructor(source: string, starts: readonly number[], firstLine: number, keysAllowed: boolean, findings: Findings) {
    this.source = source
    this.starts = starts
    this.firstLine = firstLine
    this.keysAllowed = keysAllowed
    this.findings = findings
    this.html = new HtmlReader(findings)
  }

  read(): void {
    const tokens = parser.parse(this.source, {})
    let line = 0
    for (const [index, token] of tokens.entries()) {
      // Cells of tables have no lines of their own: they stand in the row's.
      if (token.map !== null) {
        line = token.map[0]
        this.blockCount++
      }
      if (token.type === 'html_block') this.html.read(token.content, this.offsetOfLine(line))
      else if (token.type === 'inline') this.readInline(token, tokens[index - 1]!, line)
    }
  }

  private offsetOfLine(line: number): number {
    return this.starts[Math.min(this.firstLine + line, this.starts.length - 1)]!
  }

  private readInline(token: Token, parent: Token, firstLine: number): void {
    let line = firstLine
    for (const child of token.children ?? []) {
      const offset = this.offsetOfLine(line)
      if (child.type === 'softbreak' || child.type === 'hardbreak') line++
      else if (child.type === 'link_open') this.add('a', 'href', String(child.attrGet('href') ?? ''), 'link', offset)
      else if (child.type === 'image') this.add('img', 'src', String(child.attrGet('src') ?? ''), 'image', offset)
      else if (child.type === 'html_inline') this.html.read(child.content, offset)
      else if (child.type === 'text' && this.keysAllowed) this.readKeys(child.content, offset)
    }
    const text = collapse(textOf(token))
    if (parent.type === 'heading_open') this.addHeading(Number(parent.tag.slice(1)), text, this.offsetOfLine(firstLine))
    else if (parent.type === 'paragraph_open' && this.headings.length === 1) this.firstParagraph ??= text === '' ? null : text
  }

  private addHeading(level: number, written: string, offset: number): void {
    const explicit = /\s*\{#([^\s{}]+)\}$/.exec(written)
    const text = explicit === null ? written : written.slice(0, explicit.index)
    this.headings.push({ level, text, id: explicit?.[1] ?? slugOf(text), offset })
  }

  /** Brackets that no link definition explains: `[key]`, `[text][key]`. */
  private readKeys(text: string, offset: number): void {
    for (const [, first, second] of text.matchAll(/\[([^\][]+)\](?:\[([^\][]+)\])?/g)) {
      const key = second ?? first!
      if (isKeyReference(key) && /\p{L}/u.test(key) && !key.startsWith('^') && key.toLowerCase() !== 'x')
        this.add('a', 'keyref', key, 'key', offset)
    }
  }

  private add(element: string, attribute: string, value: string, use: Reference['use'], offset: number): void {
    const reference = simpleReference(element, attribute, value, use)
    if (reference.format === 'dita' && !/\.(?:dita|xml)(?:[?#]|$)/i.test(value)) reference.format = 'markdown'
    this.findings.places.register(reference, offset)
    this.references.push(reference)
  }
}

/** Text without its markup. */
function textOf(token: Token): string {
  return (token.children ?? []).map((child) => (child.type === 'softbreak' || child.type === 'hardbreak' ? ' ' : child.content)).join('')
}

/** The id that a heading without one has in MDITA: lower case, blanks as hyphens, other marks dropped (Lightweight DITA 1.0, 4.3). */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s+/g, '-')
}
