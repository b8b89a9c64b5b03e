import type { AttributeSlots } from './attribute-slots.ts'
import type { Findings } from './findings.ts'
import type { ElementPlace } from './reference-recorder.ts'
import type { TextCaptures } from './text-captures.ts'

/** Receives the text of an element of metadata once it is complete: the text of a key is among it. */
export type OnMetadataText = (name: string, text: string) => void

/** Records the metadata of prologs and topicmetas; see `tables/metadata.ts` for names. */
export class MetadataRecorder {
  private readonly findings: Findings
  private readonly slots: AttributeSlots
  private readonly captures: TextCaptures
  /** Depth of the outermost open holder, 0 outside. */
  private holderDepth = 0

  constructor(findings: Findings, slots: AttributeSlots, captures: TextCaptures) {
    this.findings = findings
    this.slots = slots
    this.captures = captures
  }

  /** Whether the reader stands inside of metadata. */
  get isOpen(): boolean {
    return this.holderDepth !== 0
  }

  /** The start tag of an element that holds metadata, or may be some. `about` is the topicref that it belongs to, or `null`. */
  start({ name, traits }: ElementPlace, depth: number, offset: number, about: string | null, onText: OnMetadataText): void {
    if (traits.holdsMetadata) {
      if (this.holderDepth === 0) this.holderDepth = depth
      return
    }
    const source = traits.metadata
    if (this.holderDepth === 0 || source === null) return
    const qualifier = source.namedBy === null ? null : this.slots.get(source.namedBy)
    const entry = qualifier !== null && traits.info.chain.length === 1 ? `${name}:${qualifier}` : name
    for (const attribute of source.values) this.add(entry, this.slots.get(attribute), about, offset)
    for (const attribute of source.attributes) this.add(`${entry}@${attribute}`, this.slots.get(attribute), about, offset)
    if (!source.text) return
    this.captures.open(depth, (text) => {
      this.add(entry, text, about, offset)
      onText(name, text)
    })
  }

  end(depth: number): void {
    if (depth === this.holderDepth) this.holderDepth = 0
  }

  private add(name: string, value: string | null, about: string | null, offset: number): void {
    if (value !== null) this.findings.addMetadata(name, value, about, offset)
  }
}
