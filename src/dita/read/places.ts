import type { Place } from '../reading.ts'
import type { XmlSource } from '../xml/events.ts'

/** Anything that is to learn where it stands. */
interface Placed {
  line: number
  column: number
}

/**
 * Gives lines and columns to all that was recorded, in one sweep over the text after the scan: places are asked for in any order, while
 * counting lines is linear only for growing offsets.
 */
export class Places {
  private readonly placed: Placed[] = []
  private readonly offsets: number[] = []
  private isSorted = true

  /** A place that has its line and column once the document has been read. */
  at(offset: number): Place {
    const place = { line: 0, column: 0, offset }
    this.register(place, offset)
    return place
  }

  /** `target` gets its line and column once the document has been read. */
  register(target: Placed, offset: number): void {
    const { offsets } = this
    if (offsets.length > 0 && offset < offsets[offsets.length - 1]!) this.isSorted = false
    this.placed.push(target)
    offsets.push(offset)
  }

  /** Fills in all lines and columns. */
  resolve(source: XmlSource): void {
    const { placed, offsets } = this
    if (this.isSorted) {
      for (let index = 0; index < placed.length; index++) fill(placed[index]!, offsets[index]!, source)
      return
    }
    const order = Uint32Array.from(offsets.keys()).sort((a, b) => offsets[a]! - offsets[b]!)
    for (const index of order) fill(placed[index]!, offsets[index]!, source)
  }
}

function fill(target: Placed, offset: number, source: XmlSource): void {
  const { line, column } = source.lineColumn(offset)
  target.line = line
  target.column = column
}
