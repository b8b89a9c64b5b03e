import type { ElementInfo } from '../tables/elements.ts'

/** What cascades to the elements inside (DITA 1.3, 2.4.4.5): scope and format as written, and whether all is resource-only. */
export interface Cascade {
  readonly scope: string | null
  readonly format: string | null
  readonly resourceOnly: boolean
}

/** Where no ancestor in the map has set anything. */
export const nothingCascades: Cascade = { scope: null, format: null, resourceOnly: false }

/** In maps from the map, topicrefs and tables; in topics from the groups of related links. */
const givers: ReadonlySet<string> = new Set([
  'map/map',
  'map/topicref',
  'map/reltable',
  'map/relrow',
  'map/relcell',
  'map/relcolspec',
  'topic/related-links',
  'topic/linkpool',
  'topic/linklist',
])

/** Whether attributes of the element cascade. */
export function givesCascade(info: ElementInfo): boolean {
  return givers.has(info.base)
}

/** Whether the element takes scope and format over from what is around it: only topicrefs and links do. */
export function takesCascade(info: ElementInfo): boolean {
  return info.kind === 'topicref' || info.base === 'topic/link'
}
