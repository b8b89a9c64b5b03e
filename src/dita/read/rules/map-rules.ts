import type { Place } from '../../reading.ts'
import { slotOf } from '../attribute-slots.ts'
import type { DitaReader } from '../dita-reader.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'

const hrefSlot = slotOf('href')
const copyToSlot = slotOf('copy-to')

interface CopyTo {
  readonly value: string
  readonly href: string
  readonly place: Place
}

interface OpenTopicref {
  readonly depth: number
  /** Its href, where it is a reference to a map. */
  readonly map: { readonly href: string; readonly place: Place; isReported: boolean } | null
}

/** Topics used twice, names given twice, and map references with children (DITA 1.3, 3.4.1 and 3.10 copy-to). */
export function mapRules(reader: DitaReader): ElementRules {
  const { slots, findings } = reader
  const navigation = new Map<string, Place>()
  const named = new Map<string, CopyTo>()
  const open: OpenTopicref[] = []
  let tableDepth = 0

  const noteCopyTo = (value: string, href: string, place: Place) => {
    const first = named.get(value)
    if (first === undefined) named.set(value, { value, href, place })
    else if (first.href !== href) findings.atEnd(() => findings.observe('copy-to-repeated', value, String(first.place.line), place))
  }
  const noteNavigation = (href: string, place: Place) => {
    const first = navigation.get(href)
    if (first === undefined) navigation.set(href, place)
    else findings.atEnd(() => findings.observe('topicref-repeated', href, String(first.line), place))
  }
  const topicref: ElementRule = {
    start(offset) {
      if (!reader.isMap) return
      const { depth, element } = reader
      const reference = slots.has(hrefSlot) ? reader.references.references.findLast(({ attribute }) => attribute === 'href') : undefined
      const href = slots.value(hrefSlot)
      const place = findings.places.at(offset)
      const outer = open.at(-1)?.map
      const isNavigation = !(reader.cascade?.resourceOnly ?? false)
      if (outer != null && isNavigation && !outer.isReported && element.name !== 'ditavalref') {
        outer.isReported = true
        findings.observe('mapref-with-children', outer.href, '', outer.place)
      }
      const isMapReference = href !== null && reference?.use === 'map'
      open.push({ depth, map: isMapReference ? { href, place, isReported: false } : null })
      if (href === null || href === '' || reference?.scope !== 'local') return
      if (slots.has(copyToSlot)) noteCopyTo(slots.value(copyToSlot)!, href, place)
      else if (isNavigation && tableDepth === 0 && reference.use === 'link' && reference.format === 'dita') noteNavigation(href, place)
    },
    end(depth) {
      if (open.at(-1)?.depth === depth) open.pop()
    },
  }
  findings.atEnd(() => {
    for (const { value, place } of named.values()) {
      const existing = navigation.get(value)
      if (existing !== undefined) findings.observe('copy-to-existing', value, String(existing.line), place)
    }
  })
  return {
    'map/topicref': topicref,
    'map/reltable': {
      start() {
        tableDepth ||= reader.depth
      },
      end(depth) {
        if (depth === tableDepth) tableDepth = 0
      },
    },
  }
}
