import { referenceAttributes } from '../tables/reference-attributes.ts'
import type { XmlAttributes } from '../xml/events.ts'

/** Attributes that select content for readers and outputs (DITA 1.3, 3.3.2). */
export const profilingAttributes: ReadonlySet<string> = new Set([
  'audience',
  'platform',
  'product',
  'otherprops',
  'props',
  'deliveryTarget',
])

const otherNames = ['id', 'class', 'xmlns', 'xml:lang', 'scope', 'format', 'processing-role', 'conaction', 'keys', 'keyscope'] as const
const names = [...referenceAttributes.map(({ attribute }) => attribute), ...otherNames]

/** Stands for all profiling attributes in {@link slotNumbers}. */
const profilingSlot = names.length

/** The number of each attribute that the reader looks for. Reference attributes come first, in the order of their table. */
const slotNumbers: ReadonlyMap<string, number> = new Map([
  ...names.map((name, index) => [name, index] as const),
  ...Array.from(profilingAttributes, (name) => [name, profilingSlot] as const),
])

/** The number of an attribute that is known to be in the table. */
export function slotOf(name: string): number {
  const slot = slotNumbers.get(name)
  if (slot === undefined) throw new RangeError(`no slot for the attribute ${name}`)
  return slot
}

/** The bit for any of the profiling attributes. */
export const profilingBit = 1 << profilingSlot

/**
 * The attributes of one start tag that mean something to the reader, found in one pass over them: one look into a Map per attribute, and bits
 * in place of further looks. Counted lists: emptying an array by its length cost 0.1 µs per element, as much as all the rest.
 */
export class AttributeSlots {
  private readonly indexes = new Int16Array(names.length + 1)
  private attributes: XmlAttributes | null = null
  /** Bit `n` is set where the attribute of number `n` is there. */
  bits = 0
  /** The numbers of the attributes that carry references, as they stand in the tag: the first {@link referenceCount} of this list. */
  readonly references = new Int8Array(referenceAttributes.length)
  referenceCount = 0

  /** Takes the attributes of another start tag. */
  read(attributes: XmlAttributes): void {
    this.attributes = attributes
    let bits = 0
    let referenceCount = 0
    const { count } = attributes
    for (let index = 0; index < count; index++) {
      const slot = slotNumbers.get(attributes.name(index))
      if (slot === undefined) continue
      bits |= 1 << slot
      this.indexes[slot] = index
      if (slot < referenceAttributes.length) this.references[referenceCount++] = slot
    }
    this.bits = bits
    this.referenceCount = referenceCount
  }

  has(slot: number): boolean {
    return (this.bits & (1 << slot)) !== 0
  }

  /** The value of the attribute, or `null` where it is not there. */
  value(slot: number): string | null {
    return this.has(slot) ? this.attributes!.value(this.indexes[slot]!) : null
  }

  /** Where the attribute stands; only for one that is there. */
  offset(slot: number): number {
    return this.attributes!.offset(this.indexes[slot]!)
  }

  /** The value of any attribute by name, for those that are looked for on few elements only. */
  get(name: string): string | null {
    return this.attributes!.get(name) ?? null
  }
}
