import type { Place } from '../../reading.ts'
import { slotOf } from '../attribute-slots.ts'
import type { DitaReader } from '../dita-reader.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'

const hrefSlot = slotOf('href')
const keyrefSlot = slotOf('keyref')
const pulledSlots = ['conref', 'conkeyref'].map(slotOf)

interface OpenImage {
  readonly depth: number
  readonly subject: string
  readonly place: Place
  /** Text of the `alt` element or attribute, `null` where there is none. */
  alt: string | null
}

/** Alternative texts of images. An image whose content is pulled from elsewhere has its alternative text there. */
export function imageRules(reader: DitaReader): ElementRules {
  const { slots, findings, captures } = reader
  const images: OpenImage[] = []
  const image: ElementRule = {
    start(offset) {
      if (pulledSlots.some((slot) => slots.has(slot))) return
      const subject = slots.value(hrefSlot) ?? slots.value(keyrefSlot) ?? ''
      images.push({ depth: reader.depth, subject, place: findings.places.at(offset), alt: slots.get('alt') })
    },
    end(depth) {
      if (images.at(-1)?.depth !== depth) return
      const { subject, place, alt } = images.pop()!
      if (alt === null) findings.observe('image-without-alt', subject, '', place)
      else if (alt.trim() === '') findings.observe('empty-alt', subject, '', place)
    },
  }
  const alt: ElementRule = {
    start() {
      const open = images.at(-1)
      if (open === undefined || open.depth !== reader.depth - 1) return
      // The text of an alt element that takes its text from a key is known only where the key is.
      if (slots.has(keyrefSlot) || pulledSlots.some((slot) => slots.has(slot))) open.alt = 'elsewhere'
      else captures.open(reader.depth, (text) => (open.alt = text))
    },
  }
  return { 'topic/image': image, 'topic/alt': alt }
}
