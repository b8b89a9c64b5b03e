import { createHash, randomInt } from 'node:crypto'

/** A token is `asy_<id>_<secret>`: the id finds its row, 43 characters of base 62 hold more than 256 random bits. */
export interface TokenParts {
  readonly id: string
  readonly secret: string
}

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const secretLength = 43

/** A new random token. */
export function createTokenParts(): TokenParts {
  return { id: randomText(12), secret: randomText(secretLength) }
}

/** The text that the caller sends as Bearer credential. */
export function formatToken(parts: TokenParts): string {
  return `asy_${parts.id}_${parts.secret}`
}

/** Takes a Bearer credential apart; `null` when it is none of ours. */
export function parseToken(text: string): TokenParts | null {
  const match = /^asy_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})$/.exec(text)
  return match ? { id: match[1]!, secret: match[2]! } : null
}

/** What is stored of a secret. It is random, so a slow hash would protect nothing. */
export function digestSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function randomText(length: number): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
}
