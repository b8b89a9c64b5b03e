import type { ReferenceUse } from '../reference.ts'
import { type AttributeDefaults, defaultsOf } from '../tables/attribute-defaults.ts'
import type { ElementInfo } from '../tables/elements.ts'
import { type MetadataSource, metadataHolders, metadataSources } from '../tables/metadata.ts'
import { hrefUses } from '../tables/reference-attributes.ts'
import { givesCascade, takesCascade } from './cascade.ts'
import { type ElementRule, rulesFor } from './rules/element-rule.ts'

/** All that the tables say of an element type, looked up once per type and not once per element. */
export interface ElementTraits {
  readonly defaults: AttributeDefaults
  /** What `href` is for. */
  readonly hrefUse: ReferenceUse
  readonly givesCascade: boolean
  readonly takesCascade: boolean
  readonly metadata: MetadataSource | null
  readonly holdsMetadata: boolean
  /** Anything may be inside: `foreign` and `unknown`. */
  readonly holdsForeign: boolean
  readonly rules: readonly ElementRule[]
}

const known = new WeakMap<ElementInfo, ElementTraits>()

/** The traits of an element type. */
export function traitsOf(info: ElementInfo): ElementTraits {
  const found = known.get(info)
  if (found !== undefined) return found
  const hrefToken = info.chain.findLast((name) => Object.hasOwn(hrefUses, name))
  const traits: ElementTraits = {
    defaults: defaultsOf(info),
    hrefUse: hrefToken === undefined ? 'link' : hrefUses[hrefToken]!,
    givesCascade: givesCascade(info),
    takesCascade: takesCascade(info),
    // A plain phrase is text; only what is specialised from it (mainbooktitle, year) is metadata.
    metadata: Object.hasOwn(metadataSources, info.base) && info.chain.at(-1) !== 'topic/ph' ? metadataSources[info.base]! : null,
    holdsMetadata: metadataHolders.has(info.base),
    holdsForeign: info.base === 'topic/foreign' || info.base === 'topic/unknown',
    rules: rulesFor(info),
  }
  known.set(info, traits)
  return traits
}
