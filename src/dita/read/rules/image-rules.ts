import { slotOf } from '../attribute-slots.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'

const hrefSlot = slotOf('href')
const keyrefSlot = slotOf('keyref')
const conrefSlot = slotOf('conref')
const conkeyrefSlot = slotOf('conkeyref')

/** An image whose end has not come. */
export interface OpenImage {
  readonly depth: number
  readonly subject: string
  readonly offset: number
  /** Text of the `alt` element or attribute, `null` where there is none. */
  alt: string | null
}

const image: ElementRule = {
  start({ slots, images, depth }, offset) {
    if (slots.has(conrefSlot) || slots.has(conkeyrefSlot)) return
    const subject = slots.value(hrefSlot) ?? slots.value(keyrefSlot) ?? ''
    images.push({ depth, subject, offset, alt: slots.get('alt') })
  },
  end({ findings, images }, depth) {
    if (images.at(-1)?.depth !== depth) return
    const { subject, offset, alt } = images.pop()!
    if (alt === null) findings.observe('image-without-alt', subject, '', offset)
    else if (alt.trim() === '') findings.observe('empty-alt', subject, '', offset)
  },
}

const alternative: ElementRule = {
  start({ slots, captures, images, depth }) {
    const open = images.at(-1)
    if (open === undefined || open.depth !== depth - 1) return
    // The text of an alt element that takes its text from a key is known only where the key is.
    if (slots.has(keyrefSlot) || slots.has(conrefSlot) || slots.has(conkeyrefSlot)) open.alt = 'elsewhere'
    else {
      captures.open(depth, (text) => {
        open.alt = text
      })
    }
  },
}

/** Alternative texts of images. An image whose content is pulled from elsewhere has its alternative text there. */
export const imageRules: ElementRules = { 'topic/image': image, 'topic/alt': alternative }
