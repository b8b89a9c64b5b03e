import type { ReferenceUse } from '../reference.ts'
import { isWebScheme } from '../resolve/uri.ts'
import { useConrefTarget } from '../tables/reference-attributes.ts'

/** The format that is written: lower case, parameters such as `; charset=UTF-8` dropped; `null` where nothing is. */
export function writtenFormat(value: string | null): string | null {
  if (value === null || value === useConrefTarget) return null
  const semicolon = value.indexOf(';')
  const format = (semicolon < 0 ? value : value.slice(0, semicolon)).trim().toLowerCase()
  return format === '' ? null : format
}

/**
 * The format of a value that nothing gives one: its extension, `xml` meaning `dita`; without extension `html` on the web, else `dita`
 * (DITA 1.3, 3.10.2 format attribute). `null` for pictures and addresses that have none. `scheme` is that of the value.
 */
export function formatByExtension(value: string, use: ReferenceUse, scheme: string | null): string | null {
  const end = endOfPath(value)
  const dot = dotOfExtension(value, end)
  const isWeb = isWebScheme(scheme)
  if (dot > 0 && !(isWeb && isInHost(value, dot))) {
    const extension = value.slice(dot + 1, end).toLowerCase()
    return extension === 'xml' ? 'dita' : extension
  }
  if (use === 'image') return null
  if (isWeb) return 'html'
  return scheme === null ? 'dita' : null
}

/** Where the path of a reference ends: at its query or fragment. */
function endOfPath(value: string): number {
  const fragment = value.indexOf('#')
  const end = fragment < 0 ? value.length : fragment
  const query = value.indexOf('?')
  return query < 0 ? end : Math.min(query, end)
}

/** The last dot of the path's last part, which ends at `end`; -1 where there is none, or none but the first character of the part. */
function dotOfExtension(value: string, end: number): number {
  for (let at = end - 1; at > 0; at--) {
    const character = value[at]
    if (character === '/') return -1
    if (character === '.') return value[at - 1] === '/' ? -1 : at
  }
  return -1
}

/** The last part of a web address without a path is a host name: its dots separate no extension. */
function isInHost(value: string, at: number): boolean {
  return value.lastIndexOf('/', at) === value.indexOf('//') + 1
}
