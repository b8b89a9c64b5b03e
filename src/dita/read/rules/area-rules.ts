import { slotOf } from '../attribute-slots.ts'
import type { DitaReader } from '../dita-reader.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'

const elsewhere = ['keyref', 'conref', 'conkeyref'].map(slotOf)
const shapes: ReadonlySet<string> = new Set(['', 'rect', 'circle', 'poly', 'default'])

/** An area of an image map whose end has not come. */
export interface OpenArea {
  readonly depth: number
  readonly offset: number
  /** `null`, as the coordinates: taken from elsewhere, so that nothing is known of it. */
  shape: string | null
  coords: string | null
  hasLink: boolean
}

function isElsewhere({ slots }: DitaReader): boolean {
  return elsewhere.some((slot) => slots.has(slot))
}

const area: ElementRule = {
  start(reader, offset) {
    if (!isElsewhere(reader)) reader.areas.push({ depth: reader.depth, offset, shape: '', coords: '', hasLink: false })
  },
  end({ findings, areas }, depth) {
    if (areas.at(-1)?.depth !== depth) return
    const { offset, shape, coords, hasLink } = areas.pop()!
    if (shape !== null && !shapes.has(shape.toLowerCase())) findings.observe('area-shape-invalid', shape, '', offset)
    if (coords === '' && shape?.toLowerCase() !== 'default') findings.observe('area-without-coords', shape ?? '', '', offset)
    if (!hasLink) findings.observe('area-without-link', '', '', offset)
  },
}

function partOfArea(part: 'shape' | 'coords'): ElementRule {
  return {
    start(reader) {
      const open = reader.areas.at(-1)
      if (open === undefined) return
      if (isElsewhere(reader)) open[part] = null
      else {
        reader.captures.open(reader.depth, (text) => {
          open[part] = text
        })
      }
    },
  }
}

const link: ElementRule = {
  start({ areas }) {
    const open = areas.at(-1)
    if (open !== undefined) open.hasLink = true
  },
}

/** Areas of image maps (DITA 1.3, 3.6.8): each has coordinates and leads somewhere. Whether its link does is seen at the link. */
export const areaRules: ElementRules = {
  'ut-d/area': area,
  'ut-d/shape': partOfArea('shape'),
  'ut-d/coords': partOfArea('coords'),
  'topic/xref': link,
}
