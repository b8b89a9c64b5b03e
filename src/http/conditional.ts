import type { IncomingHttpHeaders } from 'node:http'
import { ApiError } from '../contract/errors.ts'
import { lastModifiedAfterMs } from '../model/http-limits.ts'
import type { CurrentContent, Precondition } from '../processing/ports.ts'
import { etagOf } from './present/etag.ts'

/** Whether an If-None-Match header names the entity tag, by weak comparison (RFC 9110, section 13.1.2). */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  const opaque = etag.replace(/^W\//, '')
  return tagsIn(header).some((given) => given.replace(/^W\//, '') === opaque)
}

/**
 * The Last-Modified header of a content, in whole seconds. `null` as long as another content could still be received in the same second,
 * for whoever was told it of the first would take the second for that: so it is a strong validator (RFC 9110, section 8.8.2.2), as far as
 * the clock of this process is not ahead of that of the database.
 */
export function lastModifiedOf(receivedAt: Date, nowMs = Date.now()): string | null {
  return nowMs - receivedAt.getTime() < lastModifiedAfterMs ? null : receivedAt.toUTCString()
}

/**
 * Whether the caller has the content already, by If-None-Match, and where that is not there by If-Modified-Since (RFC 9110, section
 * 13.2.2). Only the very date that was told counts: an older content may have been moved to the address since.
 */
export function isUnmodified(headers: IncomingHttpHeaders, etag: string, lastModified: string | null): boolean {
  const unwanted = headers['if-none-match']
  return unwanted === undefined ? isDate(headers['if-modified-since'], lastModified) : matchesEtag(unwanted, etag)
}

/**
 * Whether a range may be sent: If-Range is not there, or names the content by its entity tag or its date, both strongly (RFC 9110, section
 * 13.1.5).
 */
export function acceptsRange({ 'if-range': named }: IncomingHttpHeaders, etag: string, lastModified: string | null): boolean {
  return named === undefined || named === etag || isDate(String(named), lastModified)
}

function isDate(header: string | undefined, date: string | null): boolean {
  return header !== undefined && date !== null && Date.parse(header) === Date.parse(date)
}

/**
 * What If-Match, If-None-Match and If-Unmodified-Since demand of the content at the address (RFC 9110, section 13.2.2); `undefined` when they are
 * not there. If-Match compares strongly: a weak tag does not promise the same bytes.
 */
export function preconditionOf(headers: IncomingHttpHeaders): Precondition | undefined {
  const { 'if-match': wanted, 'if-none-match': unwanted, 'if-unmodified-since': since } = headers
  if (wanted === undefined && unwanted === undefined && since === undefined) return undefined
  return (current) => {
    if (current === null) return wanted === undefined
    return isAsWanted(headers, current) && !matchesEtag(unwanted, etagOf(current.sha256))
  }
}

/**
 * Whether a content is the one that If-Match names, or where that is not there, was received up to If-Unmodified-Since. A header that is no date counts as
 * none (RFC 9110, section 13.1.4).
 */
export function isAsWanted({ 'if-match': wanted, 'if-unmodified-since': since }: IncomingHttpHeaders, current: CurrentContent): boolean {
  if (wanted !== undefined) return acceptsEtag(wanted, etagOf(current.sha256))
  const limitMs = Date.parse(since ?? '')
  return Number.isNaN(limitMs) || Math.floor(current.received_at.getTime() / 1000) * 1000 <= limitMs
}

/** Throws an ApiError for a condition that is not looked at here: nothing may be changed that it forbids. */
export function refuseConditions({ 'if-match': wanted, 'if-unmodified-since': since }: IncomingHttpHeaders): void {
  if (wanted === undefined && since === undefined) return
  throw new ApiError(
    'preconditionFailed',
    'If-Match and If-Unmodified-Since are not looked at here, so nothing was changed: send it without them.',
  )
}

/** Whether an If-Match header, or none, allows to change what has this entity tag (RFC 9110, section 13.1.1). */
export function acceptsEtag(wanted: string | undefined, etag: string): boolean {
  return wanted === undefined || wanted.trim() === '*' || tagsIn(wanted).includes(etag)
}

function tagsIn(header: string): readonly string[] {
  return header.match(/(?:W\/)?"[^"]*"/g) ?? []
}

/** Whether an Accept-Encoding header allows gzip (RFC 9110, section 12.5.3): not by default, and not with weight 0. */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim().split(/\s*;\s*/))
  const chosen = codings.find(([name]) => name === 'gzip' || name === 'x-gzip') ?? codings.find(([name]) => name === '*')
  return chosen !== undefined && !/^q=0(?:\.0*)?$/.test(chosen[1] ?? '')
}
