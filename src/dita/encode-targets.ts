import { hash } from 'node:crypto'
import type { Reference, TargetElement, TargetTable } from './reference.ts'
import { isStructural } from './resolve/loops.ts'

/** Changes with the form; see `encode-references.ts`. */
const version = 1

type Encoded = [
  version: number,
  root: TargetTable['root'],
  rootElement: string,
  names: string[],
  topics: (string | number)[],
  elements: (string | number)[],
]

/** A target table in the form in which it is stored with its asset: JSON, flat arrays. */
export function encodeTargets(targets: TargetTable): string {
  const names: string[] = []
  const numbers = new Map<string, number>()
  const numberOf = (name: string) => {
    const known = numbers.get(name)
    if (known !== undefined) return known
    numbers.set(name, names.length)
    return names.push(name) - 1
  }
  const topics: (string | number)[] = []
  for (const { id, element } of targets.topics) topics.push(id, numberOf(element))
  const elements: (string | number)[] = []
  for (const { id, element, topic, parent, parentNumber, position } of targets.elements) {
    elements.push(id, numberOf(element), topic, parent, parentNumber, position)
  }
  return JSON.stringify([version, targets.root, targets.rootElement, names, topics, elements] satisfies Encoded)
}

/** Reads back what {@link encodeTargets} made. Throws a RangeError for another version of the form. */
export function decodeTargets(encoded: string): TargetTable {
  const [found, root, rootElement, names, topicCells, elementCells] = JSON.parse(encoded) as Encoded
  if (found !== version) throw new RangeError(`targets are stored in form ${found}, not ${version}: process the asset again`)
  const topics: { id: string; element: string }[] = []
  for (let at = 0; at < topicCells.length; at += 2) {
    topics.push({ id: topicCells[at] as string, element: names[topicCells[at + 1] as number]! })
  }
  const elements: TargetElement[] = []
  for (let at = 0; at < elementCells.length; at += 6) {
    elements.push({
      id: elementCells[at] as string,
      element: names[elementCells[at + 1] as number]!,
      topic: elementCells[at + 2] as number,
      parent: elementCells[at + 3] as number,
      parentNumber: elementCells[at + 4] as number,
      position: elementCells[at + 5] as number,
    })
  }
  return { root, rootElement, topics, elements }
}

/** Stands for the digest of an asset that could not be read: no other asset has it, whatever is in it. */
export const unreadDigest = 'unread'

/**
 * A digest that changes if and only if something changes that a reference from elsewhere can notice: root, topics, ids, element names, what
 * encloses what, which elements are siblings in which order, and what they pull and include (a loop may close or open there). Paragraphs
 * without ids come and go unnoticed.
 */
export function targetsDigest(targets: TargetTable, references: readonly Reference[]): string {
  const parents = new Map<number, number>()
  const elements = targets.elements.map(({ id, element, topic, parent, parentNumber }) => {
    // Siblings have equal numbers and stand in document order: neither depends on how many elements stand before them.
    const group = parents.get(parentNumber) ?? parents.size
    parents.set(parentNumber, group)
    return [id, element, topic, parent, group]
  })
  const topics = targets.topics.map(({ id, element }) => [id, element])
  const structure = references.filter(isStructural).map(({ use, value, within }) => [use, value, within])
  return hash('sha256', JSON.stringify([targets.root, targets.rootElement, topics, elements, structure]), 'base64url').slice(0, 22)
}
