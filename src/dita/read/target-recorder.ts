import { maxElementDepth } from '../../model/document-limits.ts'
import type { Place } from '../reading.ts'
import type { TargetElement, TargetTable } from '../reference.ts'
import { useConrefTarget } from '../tables/reference-attributes.ts'
import type { Places } from './places.ts'
import type { ElementPlace } from './reference-recorder.ts'

const levels = maxElementDepth + 2

// Per depth: number of the element, children so far, nearest element with an id, nearest topic. One document is read at a time, and each
// level is written before it is read: making these anew for every document cost 3 % of reading it.
const numbers = new Int32Array(levels)
const children = new Int32Array(levels)
const identified = new Int32Array(levels)
const topicAt = new Int32Array(levels)

/** Records topics and ids: what can be addressed (DITA 1.3, 2.4.1.2). Numbers every element for ranges. */
export class TargetRecorder {
  readonly idPlaces: Place[] = []
  private readonly places: Places
  private readonly topics: { id: string; element: string }[] = []
  private readonly elements: TargetElement[] = []
  private count = 0

  constructor(places: Places) {
    this.places = places
    children[0] = 0
    numbers[0] = -1
    identified[0] = -1
    topicAt[0] = -1
  }

  /** A start tag: fills in where the element stands. `id` is `null` without one. */
  start(element: ElementPlace, depth: number, id: string | null, offset: number): void {
    const parent = depth - 1
    const position = children[parent]!++
    children[depth] = 0
    numbers[depth] = this.count++
    let topic = topicAt[parent]!
    if (element.traits.info.kind === 'topic') {
      topic = this.topics.length
      this.topics.push({ id: id ?? '', element: element.name })
    }
    let own = -1
    if (id !== null && id !== useConrefTarget) {
      own = this.elements.length
      this.elements.push({
        id,
        element: element.name,
        topic,
        parent: identified[parent]!,
        parentNumber: numbers[parent]!,
        position,
      })
      this.idPlaces.push(this.places.at(offset))
    }
    topicAt[depth] = topic
    identified[depth] = own >= 0 ? own : identified[parent]!
    element.topic = topic
    element.own = own
    element.within = identified[depth]!
  }

  table(root: TargetTable['root'], rootElement: string): TargetTable {
    return { root, rootElement, topics: this.topics, elements: this.elements }
  }
}
