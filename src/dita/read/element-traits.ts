import type { ReferenceUse } from '../reference.ts'
import { type AttributeDefaults, defaultsOf } from '../tables/attribute-defaults.ts'
import { type ElementInfo, elementsByName } from '../tables/elements.ts'
import { type MetadataSource, metadataHolders, metadataSources } from '../tables/metadata.ts'
import { hrefUses } from '../tables/reference-attributes.ts'
import { givesCascade, takesCascade } from './cascade.ts'
import { type ElementRule, rulesFor } from './rules/element-rule.ts'

/** All that the tables say of an element type, looked up once per type and not once per element. */
export interface ElementTraits {
  readonly info: ElementInfo
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
  /** A topicref, or an element with defaults that cascade: something begins even without attributes. */
  readonly beginsAlways: boolean
  /** Nothing is done at the element but what is done at every element. */
  readonly isPlain: boolean
}

const known = new WeakMap<ElementInfo, ElementTraits>()

/** The traits of an element type. */
export function traitsOf(info: ElementInfo): ElementTraits {
  const found = known.get(info)
  if (found !== undefined) return found
  const hrefToken = info.chain.findLast((name) => Object.hasOwn(hrefUses, name))
  // A plain phrase is text; only what is specialised from it (mainbooktitle, year) is metadata.
  const isMetadata = Object.hasOwn(metadataSources, info.base) && info.chain.at(-1) !== 'topic/ph'
  const metadata = isMetadata ? metadataSources[info.base]! : null
  const holdsMetadata = metadataHolders.has(info.base)
  const holdsForeign = info.base === 'topic/foreign' || info.base === 'topic/unknown'
  const rules = rulesFor(info)
  const isStructure = info.kind === 'topic' || info.kind === 'map' || info.kind === 'topicref'
  const defaults = defaultsOf(info)
  const beginsAlways = info.kind === 'topicref' || defaults.resourceOnly
  const traits: ElementTraits = {
    info,
    defaults,
    hrefUse: hrefToken === undefined ? 'link' : hrefUses[hrefToken]!,
    givesCascade: givesCascade(info),
    takesCascade: takesCascade(info),
    metadata,
    holdsMetadata,
    holdsForeign,
    rules,
    beginsAlways,
    isPlain: !isStructure && !beginsAlways && metadata === null && !holdsMetadata && !holdsForeign && rules.length === 0,
  }
  known.set(info, traits)
  return traits
}

const knownNames = new Map<string, ElementTraits>()

/** The traits of an element of the OASIS grammars, or `undefined` for any other name. */
export function traitsOfName(name: string): ElementTraits | undefined {
  const found = knownNames.get(name)
  if (found !== undefined) return found
  const info = elementsByName.get(name)
  if (info === undefined) return undefined
  const traits = traitsOf(info)
  knownNames.set(name, traits)
  return traits
}
