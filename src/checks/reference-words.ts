import type { Reference, ReferenceUse } from '../dita/reference.ts'
import { quoted, tagWith } from './quoted.ts'

const verbs: Readonly<Record<ReferenceUse, string>> = {
  link: 'leads to',
  content: 'takes content from',
  map: 'includes the map',
  image: 'shows',
  name: 'names',
  key: 'refers to',
}

/** The reference as the writer sees it: `<xref href="pump.dita">`. */
export function written(reference: Reference): string {
  return tagWith(reference.element, reference.attribute, reference.value)
}

/** The reference and what it is for: `<xref href="pump.dita"> leads to "/content/dam/pump.dita"`. Without a target it is the reference alone. */
export function writtenWithTarget(reference: Reference, target: string | null): string {
  if (target === null) return written(reference)
  const verb = reference.conaction === null ? verbs[reference.use] : 'changes content of'
  return `${written(reference)} ${verb} ${quoted(target)}`
}

/** The fragment of a reference as written, without `#`; an empty string where there is none. */
export function fragmentOf(reference: Reference): string {
  const hash = reference.value.indexOf('#')
  return hash === -1 ? '' : reference.value.slice(hash + 1)
}
