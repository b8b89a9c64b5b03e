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

  /** Whether any text is wanted at this place. */
  get isActive(): boolean {
    const top = this.stack.at(-1)
    return top !== undefined && top.done !== null && top.text.length <= maxMetadataValueCharacters
  }

  /** Whether text of an enclosing element is being collected. */
  get isOpen(): boolean {
    return this.stack.length > 0
  }

  /** Collects the text of the element at `depth`; `done` gets it, blanks collapsed and cut, when the element ends. */
  open(depth: number, done: ((text: string) => void) | null): void {
    this.stack.push({ depth, done, text: '' })
  }

  append(text: string): void {
    const top = this.stack.at(-1)
    if (top !== undefined) top.text += text
  }

  /** The element at `depth` ends. */
  close(depth: number): void {
    while (this.stack.length > 0 && this.stack[this.stack.length - 1]!.depth === depth) {
      const capture = this.stack.pop()!
      capture.done?.(collapse(capture.text))
    }
  }
}

/** Blanks of XML collapsed to single spaces and removed at the ends, cut to `maxMetadataValueCharacters`. */
export function collapse(text: string): string {
  return cutText(text.replace(/[ \t\r\n]+/g, ' ').trim(), maxMetadataValueCharacters)
}
