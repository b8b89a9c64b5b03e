import { useConrefTarget } from '../tables/reference-attributes.ts'
import type { XmlAttributes } from '../xml/events.ts'
import { profilingAttributes } from './attribute-slots.ts'
import type { Findings } from './findings.ts'

interface Profile {
  readonly depth: number
  readonly values: ReadonlySet<string>
}

/** Compares the profiling values of an element with those of its nearest ancestor that has the attribute (DITA 1.3, 2.4.3.3). */
export class ProfilingObserver {
  private readonly findings: Findings
  private readonly open = new Map<string, Profile[]>()
  /** Depths at which profiles are open, so that most end tags cost one comparison. */
  private readonly depths: number[] = []

  constructor(findings: Findings) {
    this.findings = findings
  }

  /** The start tag of an element that has profiling attributes. */
  start(attributes: XmlAttributes, depth: number): void {
    for (let index = 0; index < attributes.count; index++) {
      const name = attributes.name(index)
      if (!profilingAttributes.has(name)) continue
      const value = attributes.value(index)
      if (value === useConrefTarget) continue
      const profiles = this.open.get(name) ?? []
      const values = new Set(value.split(/[\s()]+/).filter((item) => item !== ''))
      const outer = profiles.at(-1)
      if (outer !== undefined && values.size > 0 && outer.values.size > 0 && values.isDisjointFrom(outer.values)) {
        this.findings.observe('profile-outside-parent', value, name, attributes.offset(index))
      }
      profiles.push({ depth, values })
      this.open.set(name, profiles)
    }
    this.depths.push(depth)
  }

  end(depth: number): void {
    if (this.depths.at(-1) !== depth) return
    this.depths.pop()
    for (const profiles of this.open.values()) if (profiles.at(-1)?.depth === depth) profiles.pop()
  }
}
