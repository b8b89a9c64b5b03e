/** URI references as RFC 3986 has them, as far as references of DITA documents need. */
import type { ReferenceScope } from '../reference.ts'

/** The scheme of an absolute URI in lower case, or `null` for a relative reference (RFC 3986, 3.1). */
export function schemeOf(value: string): string | null {
  // Nearly all values are relative: look for the colon before the expression is tried.
  const colon = value.indexOf(':')
  if (colon <= 0) return null
  for (let index = 0; index < colon; index++) {
    const unit = value.charCodeAt(index) | 0x20
    const isLetter = unit >= 0x61 && unit <= 0x7a
    if (!isLetter && (index === 0 || !isSchemeMark(value.charCodeAt(index)))) return null
  }
  return value.slice(0, colon).toLowerCase()
}

function isSchemeMark(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || unit === 0x2b || unit === 0x2d || unit === 0x2e
}

/** Schemes whose addresses lie outside of the repository even when no scope says so (DITA 1.3, 3.10.2 scope; DITA-OT adds ftps and sftp). */
const externalSchemes: ReadonlySet<string> = new Set(['http', 'https', 'ftp', 'mailto', 'ftps', 'sftp'])

/** Further schemes that are harmless in a document and lead to no file of the repository. */
const otherKnownSchemes: ReadonlySet<string> = new Set(
  'tel sms callto sip sips skype im xmpp irc ircs news nntp urn doi info isbn oid geo magnet git ssh svn ldap ldaps rtsp rtmp ws wss data cid mid tag'.split(
    ' ',
  ),
)

/** Whether addresses with this scheme lead outside of the repository. */
export function isExternalScheme(scheme: string): boolean {
  return externalSchemes.has(scheme)
}

/** Whether this is the scheme of an address, and not a part of a file name before a colon. */
export function isKnownScheme(scheme: string): boolean {
  return externalSchemes.has(scheme) || otherKnownSchemes.has(scheme)
}

/** The scope of an address with that scheme for which nothing gives one. */
export function scopeOfScheme(scheme: string | null): ReferenceScope {
  return scheme !== null && externalSchemes.has(scheme) ? 'external' : 'local'
}

/** Whether addresses with this scheme are those of web pages. */
export function isWebScheme(scheme: string | null): boolean {
  return scheme === 'http' || scheme === 'https'
}
