import type { ReferenceUse } from '../reference.ts'
import { schemeOf } from '../resolve/uri.ts'
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
 * (DITA 1.3, 3.10.2 format attribute). `null` for pictures and addresses that have none.
 */
export function formatByExtension(value: string, use: ReferenceUse): string | null {
  const end = endOfPath(value)
  const slash = value.lastIndexOf('/', end - 1)
  const dot = value.lastIndexOf('.', end - 1)
  const scheme = schemeOf(value)
  const isWeb = scheme === 'http' || scheme === 'https'
  // The last part of a web address without a path is a host name: its dots separate no extension.
  const isHost = isWeb && slash === value.indexOf('//') + 1
  if (dot > slash + 1 && !isHost) {
    const extension = value.slice(dot + 1, end).toLowerCase()
    return extension === 'xml' ? 'dita' : extension
  }
  if (use === 'image') return null
  if (isWeb) return 'html'
  return scheme === null ? 'dita' : null
}

/** Where the path of a reference ends: at its query or fragment. */
function endOfPath(value: string): number {
  for (let index = 0; index < value.length; index++) {
    const unit = value.charCodeAt(index)
    if (unit === 0x23 || unit === 0x3f) return index
  }
  return value.length
}
