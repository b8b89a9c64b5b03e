import { styleText } from 'node:util'

/** Names of styles that {@link Terminal.paint} understands. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** A stream of text, on a terminal or not. */
interface TextStream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/**
 * Where a command speaks: results to the standard output, progress and remarks to the standard error, so that a pipe gets results alone.
 * Colours are used only where a terminal shows them and `NO_COLOR` is not set.
 */
export class Terminal {
  readonly #out: TextStream
  readonly #err: TextStream

  constructor(out: TextStream, err: TextStream) {
    this.#out = out
    this.#err = err
  }

  /** A line of the result. */
  print(line = ''): void {
    this.#out.write(`${line}\n`)
  }

  /** A line beside the result. */
  remark(line = ''): void {
    this.#err.write(`${line}\n`)
  }

  /** Replaces the line that is being drawn on the standard error; an empty text wipes it. Only where {@link redraws}. */
  redraw(text: string): void {
    this.#err.write(`\r\u001b[2K${text}`)
  }

  /** Whether progress can be drawn over itself. */
  get redraws(): boolean {
    return this.#err.isTTY === true
  }

  /** Characters in a line of the result; as many as there are where no terminal shows it. */
  get columns(): number {
    return this.#out.isTTY === true ? (this.#out.columns ?? 80) : Number.POSITIVE_INFINITY
  }

  /** Characters in a line of progress. */
  get progressColumns(): number {
    return this.#err.columns ?? 80
  }

  /** Colours a part of a result. */
  paint(style: Style | Style[], text: string): string {
    return this.#style(style, text, this.#out)
  }

  /** Colours a part of a remark. */
  paintRemark(style: Style | Style[], text: string): string {
    return this.#style(style, text, this.#err)
  }

  #style(style: Style | Style[], text: string, stream: TextStream): string {
    return stream.isTTY === true ? styleText(style, text, { stream: stream as NodeJS.WriteStream }) : text
  }
}

/** Makes text from files and servers harmless to a terminal: control characters are shown as escapes instead of obeyed. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    return character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** A number with its noun: `1 asset`, `1,204 assets`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
