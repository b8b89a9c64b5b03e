import { cutText } from '../model/cut-text.ts'
import { maxExcerptCharacters, maxShownValueCharacters } from '../model/document-limits.ts'

/** Control characters, and the marks that turn the direction of text: they would change what stands around the value. */
const invisible = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu
const credentials = /\/\/[^\s/?#@"'<>]*@/g

/** `text` with the user name and password of each URL in it replaced by `***`: problems are read by more people than documents. */
export function maskCredentials(text: string): string {
  return text.includes('@') ? text.replace(credentials, '//***@') : text
}

/**
 * A value from a document for a message: in curly quotes (they stay readable in JSON), invisible characters spelled out, credentials
 * masked, cut to `maxShownValueCharacters`.
 */
export function quoted(value: string): string {
  return `“${visible(value)}”`
}

/** An element's name for a message: `<xref>`. */
export function tag(element: string): string {
  return `<${visible(element)}>`
}

/** An attribute for a message: `href="pump.dita"`. */
export function attribute(name: string, value: string): string {
  return `${visible(name)}="${visible(value)}"`
}

/** A place in a start tag for a message: `<xref href="…">`. */
export function tagWith(element: string, name: string, value: string): string {
  return `<${visible(element)} ${attribute(name, value)}>`
}

/** Text about a document that others have put together, for a message: invisible characters spelled out, credentials masked. */
export function legible(text: string): string {
  return maskCredentials(text)
    .replace(invisible, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .toWellFormed()
}

/** A line of source for an excerpt: what PostgreSQL's JSON cannot hold (NUL, halves of pairs) and other controls become U+FFFD. */
export function sourceLine(text: string): string {
  return cutText(maskCredentials(text).replace(/[^\P{Cc}\t]/gu, '\ufffd'), maxExcerptCharacters).toWellFormed()
}

function visible(value: string): string {
  // Masked first: a cut through a password would leave its beginning without the mark by which it is known.
  return legible(cutText(maskCredentials(value), maxShownValueCharacters))
}
