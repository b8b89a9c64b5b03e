import { maxDistinctNames } from '../../model/document-limits.ts'
import type { XmlHandler } from './events.ts'

/** The namespace prefixes that are declared at the current element, and those already reported as not declared. */
export class PrefixScopes {
  private readonly counts = new Map<string, number>()
  private readonly declared: { prefix: string; depth: number }[] = []
  private readonly reported = new Set<string>()
  /** Depth of the element with the innermost declaration, 0 for none: most end tags need no more than this comparison. */
  innermostDepth = 0

  /** Forgets a document. */
  clear(): void {
    if (this.reported.size > 0) this.reported.clear()
    if (this.declared.length === 0) return
    this.counts.clear()
    this.declared.length = 0
    this.innermostDepth = 0
  }

  /** Binds a prefix for the element at `depth`. */
  declare(prefix: string, depth: number): void {
    this.counts.set(prefix, (this.counts.get(prefix) ?? 0) + 1)
    this.declared.push({ prefix, depth })
    this.innermostDepth = depth
  }

  /** Takes back what the element at `depth` declared. */
  close(depth: number): void {
    while (this.declared.length > 0 && this.declared.at(-1)!.depth === depth) {
      const { prefix } = this.declared.pop()!
      const count = this.counts.get(prefix)! - 1
      if (count === 0) this.counts.delete(prefix)
      else this.counts.set(prefix, count)
    }
    this.innermostDepth = this.declared.at(-1)?.depth ?? 0
  }

  /** Reports a prefix that is not declared, once. The set of those reported is bounded: hostile documents can have a million. */
  use(prefix: string, offset: number, handler: XmlHandler): void {
    if (this.counts.has(prefix) || this.reported.has(prefix) || this.reported.size >= maxDistinctNames) return
    this.reported.add(prefix)
    handler.unboundPrefix?.(prefix, offset)
  }
}
