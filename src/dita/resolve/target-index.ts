import type { TargetTable } from '../reference.ts'

/** The topic or element that a fragment names, by its number in the table; `whole`: the document itself (a map without fragment). */
export type Found =
  | { readonly kind: 'topic'; readonly index: number }
  | { readonly kind: 'element'; readonly index: number }
  | { readonly kind: 'whole' }

/** Finds fragments in a target table; built once per table, since most content references of a repository go to few files. */
export class TargetIndex {
  private readonly table: TargetTable
  private readonly topics = new Map<string, number>()
  /** By topic number and id: ids are unique per topic only. The first of equal ones counts (DITA 1.3, 2.4.1.2). */
  private readonly elements = new Map<string, number>()
  private readonly anywhere = new Map<string, number>()

  constructor(table: TargetTable) {
    this.table = table
    table.topics.forEach(({ id }, index) => {
      if (id !== '' && !this.topics.has(id)) this.topics.set(id, index)
    })
    table.elements.forEach(({ id, topic }, index) => {
      const key = `${topic} ${id}`
      if (!this.elements.has(key)) this.elements.set(key, index)
      if (!this.anywhere.has(id)) this.anywhere.set(id, index)
    })
  }

  /**
   * What `fragment` names; `null` where there is no such thing. `ownTopic` is the topic of the reference when it is to its own document, for
   * `.`; else -1. Two topics of one id: the first counts, as for the elements.
   */
  find(fragment: string | null, ownTopic: number): Found | null {
    if (this.table.root === 'map') return this.findInMap(fragment)
    if (fragment === null) return this.table.topics.length > 0 ? { kind: 'topic', index: 0 } : { kind: 'whole' }
    const slash = fragment.indexOf('/')
    const topicId = slash < 0 ? fragment : fragment.slice(0, slash)
    const topic = topicId === '.' ? ownTopic : (this.topics.get(topicId) ?? -1)
    if (topic < 0) return null
    if (slash < 0) return { kind: 'topic', index: topic }
    const element = this.elements.get(`${topic} ${fragment.slice(slash + 1)}`)
    return element === undefined ? null : { kind: 'element', index: element }
  }

  /** Whether any element has the id: then a fragment of that id alone is a mistake in form. */
  hasElement(id: string): boolean {
    return this.anywhere.has(id)
  }

  /** The number of the topic among the elements, -1 where it has no id. */
  elementOfTopic(topic: number): number {
    return this.elements.get(`${topic} ${this.table.topics[topic]!.id}`) ?? -1
  }

  /** In a map an id is enough; the form of topics is tolerated when its first part is the map's own id. */
  private findInMap(fragment: string | null): Found | null {
    if (fragment === null) return { kind: 'whole' }
    const slash = fragment.indexOf('/')
    const element = this.anywhere.get(slash < 0 ? fragment : fragment.slice(slash + 1))
    return element === undefined ? null : { kind: 'element', index: element }
  }
}

const indexes = new WeakMap<TargetTable, TargetIndex>()

/** The index of a table. */
export function indexOf(table: TargetTable): TargetIndex {
  const known = indexes.get(table)
  if (known !== undefined) return known
  const index = new TargetIndex(table)
  indexes.set(table, index)
  return index
}

/** The name of the element that was found. */
export function elementFound(table: TargetTable, found: Found): string {
  if (found.kind === 'whole') return table.rootElement
  return found.kind === 'topic' ? table.topics[found.index]!.element : table.elements[found.index]!.element
}
