import type { ReferenceUse } from '../reference.ts'
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
  const path = /^[^?#]*/.exec(value)![0]
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  const isWeb = /^https?:/i.test(path)
  // The last part of a web address without a path is a host name: its dots separate no extension.
  if (dot <= 0 || (isWeb && path.split('/').length < 4))
    return use === 'image' ? null : isWeb ? 'html' : schemeOf(path) === null ? 'dita' : null
  const extension = name.slice(dot + 1).toLowerCase()
  return extension === 'xml' ? 'dita' : extension
}

function schemeOf(path: string): string | null {
  return /^([a-z][a-z0-9+.-]+):/i.exec(path)?.[1] ?? null
}
