import type { ElementInfo } from '../../tables/elements.ts'
import type { DitaReader } from '../dita-reader.ts'
import { areaRules } from './area-rules.ts'
import { imageRules } from './image-rules.ts'
import { leftoverRules } from './leftover-rules.ts'
import { linkRules } from './link-rules.ts'
import { mapRules } from './map-rules.ts'
import { simpletableRules } from './simpletable-rules.ts'
import { tableRules } from './table-rules.ts'
import { titleRules } from './title-rules.ts'

/** What is done at elements of one type besides what is done at every element. What a rule has to remember is kept by the reader. */
export interface ElementRule {
  /** The start tag has been read; `offset` is where it begins. */
  start?(reader: DitaReader, offset: number): void
  /** The element ends; its depth is given, the reader's is one less already. */
  end?(reader: DitaReader, depth: number): void
}

/** Rules by class token. A rule for `topic/title` is for all titles, one for `bookmap/booktitle` for those alone. */
export type ElementRules = Readonly<Record<string, ElementRule>>

/** The rules for an element type: of each group that of its most special token. */
export function rulesFor(info: ElementInfo): readonly ElementRule[] {
  const groups = [titleRules, leftoverRules, linkRules, imageRules, areaRules, tableRules, simpletableRules, mapRules]
  return groups.flatMap((rules) => {
    const token = info.chain.findLast((name) => Object.hasOwn(rules, name))
    return token === undefined ? [] : [rules[token]!]
  })
}
