import type { AssetType } from '../../model/asset-type.ts'
import type { Reference } from '../reference.ts'
import { elementsByName } from '../tables/elements.ts'

/** Formats under which a DITA document may well be meant as plain text. */
const textFormats: ReadonlySet<string> = new Set(['xml', 'txt', 'text'])

const typesByFormat: ReadonlyMap<string, AssetType> = new Map([
  ['dita', 'DITATOPIC'],
  ['ditamap', 'DITAMAP'],
  ['ditaval', 'DITAVAL'],
])

/**
 * Says how the format of a link or map reference contradicts what its target is, or `null` (DITA 1.3, 3.10.2 format attribute). A link
 * without format means a topic; only a topicref needs the format to tell a map (DITA-OT: DOTJ061E).
 */
export function formatContradiction(reference: Reference, type: AssetType): string | null {
  const { format, formatGiven } = reference
  if (format === null || (reference.use !== 'link' && reference.use !== 'map') || reference.attribute === 'anchorref') return null
  const wanted = typesByFormat.get(format)
  const isDita = type === 'DITATOPIC' || type === 'DITAMAP'
  if (wanted === undefined) {
    return isDita && formatGiven && !textFormats.has(format) ? `format="${format}" on ${nameOf(type)}` : null
  }
  if (!formatGiven && type === 'DITAMAP') {
    return elementsByName.get(reference.element)?.kind === 'topicref' ? 'a map needs format="ditamap"' : null
  }
  if (wanted === type) return null
  return formatGiven ? `format="${format}" on ${nameOf(type)}` : `${nameOf(type)} where a link without format means ${nameOf(wanted)}`
}

function nameOf(type: AssetType): string {
  switch (type) {
    case 'DITATOPIC':
      return 'a topic'
    case 'DITAMAP':
      return 'a map'
    case 'DITAVAL':
      return 'a DITAVAL file'
    case 'MARKDOWN':
      return 'a Markdown file'
    case 'HTML/CSS':
      return 'an HTML or CSS file'
    case 'OTHERS':
      return 'a file that is not DITA'
    default:
      return type satisfies never
  }
}
