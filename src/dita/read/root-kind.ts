import { extensionOf } from '../../model/asset-type.ts'
import { speaksOfDita } from '../tables/doctypes.ts'
import { elementByClass, elementsByName } from '../tables/elements.ts'
import type { XmlAttributes, XmlDoctype } from '../xml/events.ts'

/** What an XML document is by its root. `untyped`: said to be DITA by its DOCTYPE or name, with a root element that is not known. */
export type RootKind = 'topic' | 'map' | 'untyped' | 'ditaval' | 'svg' | 'html' | 'foreign'

const namespaces: ReadonlyMap<string, RootKind> = new Map([
  ['http://www.w3.org/2000/svg', 'svg'],
  ['http://www.w3.org/1999/xhtml', 'html'],
])

const ditaExtensions: ReadonlySet<string> = new Set(['dita', 'ditamap', 'bookmap', 'ditaval'])

/** Whether the name of the file promises DITA. */
export function promisesDita(path: string): boolean {
  return ditaExtensions.has(extensionOf(path))
}

/**
 * Judges a root element by the evidence in this order: class attribute, element name, DOCTYPE, file name (DITA 1.3, 2.5.3 and 2.1.1). A root
 * in a namespace is not DITA unless its class says so: the standard has none.
 */
export function rootKindOf(path: string, name: string, attributes: XmlAttributes, doctype: XmlDoctype | null): RootKind {
  const classValue = attributes.get('class')
  const byClass = classValue === undefined ? null : elementByClass(classValue)
  if (byClass?.kind === 'topic' || byClass?.kind === 'map') return byClass.kind
  const colon = name.indexOf(':')
  const namespace = attributes.get(colon < 0 ? 'xmlns' : `xmlns:${name.slice(0, colon)}`) ?? ''
  if (namespace !== '') return namespaces.get(namespace) ?? 'foreign'
  const kind = elementsByName.get(name)?.kind
  if (kind === 'topic' || kind === 'map') return kind
  if (kind === 'ditabase') return 'topic'
  if (name === 'val') return 'ditaval'
  if (name === 'svg' || name === 'svg:svg') return 'svg'
  if (name.toLowerCase() === 'html') return 'html'
  return (doctype !== null && speaksOfDita(doctype.publicId, doctype.systemId)) || promisesDita(path) ? 'untyped' : 'foreign'
}
