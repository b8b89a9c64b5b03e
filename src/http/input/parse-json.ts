import { ApiError } from '../../contract/errors.ts'
import { maxJsonDepth } from '../../model/http-limits.ts'
import { locateJsonError } from './locate-json-error.ts'

/**
 * Parses JSON from outside. Throws an ApiError with line and column where it is malformed, when it is nested deeper than `maxJsonDepth`,
 * when it is no UTF-8, and for names that could reach a prototype (`__proto__`, `constructor.prototype`).
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes)
  requireShallow(text)
  const value = parse(text)
  // Looked for in the text first, escapes included: walking every request would cost as much as parsing it.
  if (/"(?:__proto__|constructor)"|\\u00/i.test(text)) requireHarmlessNames(value)
  return value
}

/** Text of a body. Throws an ApiError for what is no UTF-8; a byte order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ApiError('malformedBody', 'The body is not valid UTF-8.', { cause })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const offset = locateJsonError(text)
    const before = text.slice(0, offset).split('\n')
    const place = `line ${before.length}, column ${before.at(-1)!.length + 1} (offset ${offset})`
    const detail = text.trim() === '' ? 'The body is empty.' : `It cannot be read from ${place} on.`
    throw new ApiError('malformedJson', detail, { cause })
  }
}

function requireShallow(text: string): void {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 0x22) index = endOfString(text, index)
    else if (unit === 0x5b || unit === 0x7b) {
      if (++depth > maxJsonDepth)
        throw new ApiError('malformedJson', `It is nested deeper than ${maxJsonDepth} levels, from offset ${index} on.`)
    } else if (unit === 0x5d || unit === 0x7d) depth--
  }
}

function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 0x5c) index++
    else if (unit === 0x22) return index
  }
  return text.length
}

function requireHarmlessNames(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, child] of Object.entries(value)) {
    const reachesPrototype = typeof child === 'object' && child !== null && Object.hasOwn(child, 'prototype')
    if (name === '__proto__' || (name === 'constructor' && reachesPrototype)) {
      throw new ApiError('malformedJson', `The name "${name}" is not allowed.`)
    }
    requireHarmlessNames(child)
  }
}
