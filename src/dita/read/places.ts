import type { Place } from '../reading.ts'
import type { PlacedText } from '../xml/events.ts'

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

  /** A place that has its line and column once the document has been read. */
  at(offset: number): Place {
    const place = { line: 0, column: 0, offset }
    this.register(place, offset)
    return place
  }

  /** `target` gets its line and column once the document has been read. */
  register(target: Placed, offset: number): void {
    const { offsets, placed } = this
    let at = offsets.length
    // What is noted at the end of an element stands before what was noted inside of it: a short way back, bounded by the depth.
    while (at > 0 && offsets[at - 1]! > offset) at--
    if (at === offsets.length) {
      placed.push(target)
      offsets.push(offset)
    } else {
      placed.splice(at, 0, target)
      offsets.splice(at, 0, offset)
    }
  }

  /** Fills in all lines and columns. */
  resolve(source: PlacedText): void {
    const { placed, offsets } = this
    for (let index = 0; index < placed.length; index++) {
      const { line, column } = source.lineColumn(offsets[index]!)
      const target = placed[index]!
      target.line = line
      target.column = column
    }
  }
}
