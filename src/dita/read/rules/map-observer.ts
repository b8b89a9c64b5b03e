import type { Place } from '../../reading.ts'
import type { Reference } from '../../reference.ts'
import type { Findings } from '../findings.ts'

interface CopyTo {
  readonly href: string
  readonly place: Place
}

interface OpenTopicref {
  readonly depth: number
  /** Its href, where it is a reference to a map. */
  readonly map: { readonly href: string; readonly place: Place; isReported: boolean } | null
}

/** A topicref whose start tag has been read. */
export interface TopicrefStart {
  readonly element: string
  readonly depth: number
  readonly place: Place
  readonly isNavigation: boolean
  /** The reference of its href, or `null`. */
  readonly reference: Reference | null
  readonly copyTo: string | null
}

/** Follows the topicrefs of one map: topics used twice, names given twice, map references with children (DITA 1.3, 3.4.1 and 3.10 copy-to). */
export class MapObserver {
  private readonly findings: Findings
  private readonly navigation = new Map<string, Place>()
  private readonly names = new Map<string, CopyTo>()
  private readonly open: OpenTopicref[] = []
  /** Depth of the open relationship table, 0 outside: topics in it are there a second time. */
  private tableDepth = 0

  constructor(findings: Findings) {
    this.findings = findings
    findings.atEnd(() => this.compareNames())
  }

  startTopicref({ element, depth, place, isNavigation, reference, copyTo }: TopicrefStart): void {
    const outer = this.open.at(-1)?.map
    if (outer != null && isNavigation && !outer.isReported && element !== 'ditavalref') {
      outer.isReported = true
      this.findings.observe('mapref-with-children', outer.href, '', outer.place)
    }
    this.open.push({ depth, map: reference?.use === 'map' ? { href: reference.value, place, isReported: false } : null })
    if (reference === null || reference.scope !== 'local' || reference.value === '') return
    if (copyTo !== null) this.noteName(copyTo, reference.value, place)
    else if (isNavigation && this.tableDepth === 0 && reference.use === 'link' && reference.format === 'dita') {
      this.noteNavigation(reference.value, place)
    }
  }

  endTopicref(depth: number): void {
    if (this.open.at(-1)?.depth === depth) this.open.pop()
  }

  startTable(depth: number): void {
    this.tableDepth ||= depth
  }

  endTable(depth: number): void {
    if (depth === this.tableDepth) this.tableDepth = 0
  }

  private noteName(name: string, href: string, place: Place): void {
    const { findings } = this
    const first = this.names.get(name)
    if (first === undefined) this.names.set(name, { href, place })
    else if (first.href !== href) findings.atEnd(() => findings.observe('copy-to-repeated', name, String(first.place.line), place))
  }

  private noteNavigation(href: string, place: Place): void {
    const { findings } = this
    const first = this.navigation.get(href)
    if (first === undefined) this.navigation.set(href, place)
    else findings.atEnd(() => findings.observe('topicref-repeated', href, String(first.line), place))
  }

  private compareNames(): void {
    for (const [name, { place }] of this.names) {
      const existing = this.navigation.get(name)
      if (existing !== undefined) this.findings.observe('copy-to-existing', name, String(existing.line), place)
    }
  }
}
