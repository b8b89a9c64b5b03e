import { maxElementDepth } from '../../model/limits.ts'
import type { Place } from '../reading.ts'
import type { TargetElement, TargetTable } from '../reference.ts'
import { useConrefTarget } from '../tables/reference-attributes.ts'
import type { Places } from './places.ts'
import type { ElementPlace } from './reference-recorder.ts'

const levels = maxElementDepth + 2

/** Records topics and ids: what can be addressed (DITA 1.3, 2.4.1.2). Numbers every element for ranges. */
export class TargetRecorder {
  readonly idPlaces: Place[] = []
  private readonly places: Places
  private readonly topics: { id: string; element: string }[] = []
  private readonly elements: TargetElement[] = []
  private count = 0
  // Per depth: number of the element, children so far, nearest element with an id, nearest topic.
  private readonly numbers = new Int32Array(levels)
  private readonly children = new Int32Array(levels)
  private readonly identified = new Int32Array(levels).fill(-1)
  private readonly topicAt = new Int32Array(levels).fill(-1)

  constructor(places: Places) {
    this.places = places
  }

  /** A start tag: fills in where the element stands. `id` is `null` without one. */
  start(element: ElementPlace, depth: number, id: string | null, offset: number): void {
    const parent = depth - 1
    const position = this.children[parent]!++
    this.children[depth] = 0
    this.numbers[depth] = this.count++
    let topic = this.topicAt[parent]!
    if (element.info.kind === 'topic') {
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
        parent: this.identified[parent]!,
        parentNumber: this.numbers[parent]!,
        position,
      })
      this.idPlaces.push(this.places.at(offset))
    }
    this.topicAt[depth] = topic
    this.identified[depth] = own >= 0 ? own : this.identified[parent]!
    element.topic = topic
    element.own = own
    element.within = this.identified[depth]!
  }

  table(root: TargetTable['root'], rootElement: string): TargetTable {
    return { root, rootElement, topics: this.topics, elements: this.elements }
  }
}
