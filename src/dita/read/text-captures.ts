import { cutText } from '../../model/cut-text.ts'
import { maxMetadataValueCharacters } from '../../model/limits.ts'

interface Capture {
  readonly depth: number
  /** `null`: text inside is not wanted. */
  readonly done: ((text: string) => void) | null
  text: string
}

/**
 * Collects the text of elements while they are open. Text goes to the innermost open capture alone; an element whose text is to be
 * left out of its parent's (an index term in a title) opens a capture that drops it.
 */
export class TextCaptures {
  private readonly stack: Capture[] = []
  private top: Capture | null = null

  /** Whether any text is wanted at this place. */
  get isActive(): boolean {
    const { top } = this
    return top !== null && top.done !== null && top.text.length <= maxMetadataValueCharacters
  }

  /** Whether text of an enclosing element is being collected. */
  get isOpen(): boolean {
    return this.top !== null
  }

  /** Collects the text of the element at `depth`; `done` gets it, blanks collapsed and cut, when the element ends. */
  open(depth: number, done: ((text: string) => void) | null): void {
    this.top = { depth, done, text: '' }
    this.stack.push(this.top)
  }

  append(text: string): void {
    if (this.top !== null) this.top.text += text
  }

  /** The element at `depth` ends. */
  close(depth: number): void {
    while (this.top !== null && this.top.depth === depth) {
      const { done, text } = this.top
      this.stack.pop()
      this.top = this.stack.at(-1) ?? null
      done?.(collapse(text))
    }
  }
}

/** Blanks of XML collapsed to single spaces and removed at the ends, cut to `maxMetadataValueCharacters`. */
export function collapse(text: string): string {
  // Most texts are in order: look before replacing.
  return cutText(needsCollapsing(text) ? text.replace(/[ \t\r\n]+/g, ' ').trim() : text, maxMetadataValueCharacters)
}

function needsCollapsing(text: string): boolean {
  let wasBlank = true
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    const isBlank = unit === 0x20
    if ((isBlank && wasBlank) || unit === 0x0a || unit === 0x09 || unit === 0x0d || unit > 0x7f) return true
    wasBlank = isBlank
  }
  return wasBlank
}
