import { cutText } from '../../model/cut-text.ts'
import { maxMetadataEntries, maxShownValueCharacters } from '../../model/document-limits.ts'
import type { ObservationKind } from '../observations.ts'
import type { MetadataEntry, Observation, Place } from '../reading.ts'
import type { PlacedText } from '../xml/events.ts'
import { Places } from './places.ts'
import { collapse } from './text-captures.ts'

interface Repeated {
  readonly kind: ObservationKind
  readonly subject: string
  readonly detail: string | null
  readonly place: Place
  count: number
}

/** Collects the observations, the metadata and the places of one document. */
export class Findings {
  readonly places = new Places()
  readonly observations: Observation[] = []
  readonly metadata: MetadataEntry[] = []
  private metadataCount = 0
  private metadataLimitPlace: Place | null = null
  private readonly once = new Map<string, Repeated>()
  private readonly conclusions: (() => void)[] = []

  /** Records an observation at an offset, or at a place that was taken before. */
  observe(kind: ObservationKind, subject: string, detail: string, at: number | Place): void {
    const place = typeof at === 'number' ? this.places.at(at) : at
    this.observations.push({
      kind,
      subject: cutText(subject, maxShownValueCharacters),
      detail: cutText(detail, maxShownValueCharacters),
      place,
    })
  }

  /** Records the first of equal observations only; with `detail` `null` the detail becomes their number. */
  observeOnce(kind: ObservationKind, subject: string, detail: string | null, offset: number): void {
    const key = `${kind} ${subject}`
    const known = this.once.get(key)
    if (known === undefined) this.once.set(key, { kind, subject, detail, place: this.places.at(offset), count: 1 })
    else known.count++
  }

  /** Keeps a metadata value; blank ones are no metadata, and beyond `maxMetadataEntries` they are only counted. */
  addMetadata(name: string, value: string, about: string | null, offset: number): void {
    const text = collapse(value)
    if (text === '') return
    this.metadataCount++
    if (this.metadata.length < maxMetadataEntries) this.metadata.push({ name, value: text, about })
    else this.metadataLimitPlace ??= this.places.at(offset)
  }

  /** `conclude` runs when the document has been read and places have lines: for observations that name the line of another place. */
  atEnd(conclude: () => void): void {
    this.conclusions.push(conclude)
  }

  /** The document has been read: resolves places, adds what is known only now, and puts the observations in document order. */
  finish(source: PlacedText): void {
    this.places.resolve(source)
    for (const conclude of this.conclusions) conclude()
    for (const { kind, subject, detail, place, count } of this.once.values()) this.observe(kind, subject, detail ?? String(count), place)
    if (this.metadataLimitPlace !== null) this.observe('metadata-limit', String(this.metadataCount), '', this.metadataLimitPlace)
    if (this.observations.length > 1) this.observations.sort((a, b) => a.place.offset - b.place.offset)
  }
}
