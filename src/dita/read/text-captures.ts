import { cutText } from '../../model/cut-text.ts'
import { maxMetadataValueCharacters } from '../../model/document-limits.ts'

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

/** Most texts are in order and need no replacing. Beyond ASCII there are more blanks to be removed at the ends. */
const untidy = /^ | {2}|[\t\r\n\u0080-\uffff]| $/

/** Blanks of XML collapsed to single spaces and removed at the ends, cut to `maxMetadataValueCharacters`. */
export function collapse(text: string): string {
  return cutText(untidy.test(text) ? text.replace(/[ \t\r\n]+/g, ' ').trim() : text, maxMetadataValueCharacters)
}
