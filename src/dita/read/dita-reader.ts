import type { TopicReading } from '../reading.ts'
import { type ElementKind, elementByClass, foreignElement, unknownElement } from '../tables/elements.ts'
import { useConrefTarget } from '../tables/reference-attributes.ts'
import type { XmlAttributes, XmlHandler } from '../xml/events.ts'
import { AttributeSlots, profilingBit, slotOf } from './attribute-slots.ts'
import { type Cascade, nothingCascades } from './cascade.ts'
import { type ElementTraits, traitsOf, traitsOfName } from './element-traits.ts'
import type { Findings } from './findings.ts'
import { KeyRecorder } from './key-recorder.ts'
import { MetadataRecorder } from './metadata-recorder.ts'
import { ProfilingObserver } from './profiling-observer.ts'
import { PushObserver, pushBits } from './push-observer.ts'
import { writtenFormat } from './reference-format.ts'
import { type ElementPlace, ReferenceRecorder } from './reference-recorder.ts'
import type { OpenArea } from './rules/area-rules.ts'
import type { OpenImage } from './rules/image-rules.ts'
import { MapObserver } from './rules/map-observer.ts'
import type { OpenSimpletable } from './rules/simpletable-rules.ts'
import type { TableGroup } from './rules/table-group.ts'
import { TargetRecorder } from './target-recorder.ts'
import { TextCaptures } from './text-captures.ts'

const idSlot = slotOf('id')
const classSlot = slotOf('class')
const xmlnsSlot = slotOf('xmlns')
const langSlot = slotOf('xml:lang')
const scopeSlot = slotOf('scope')
const formatSlot = slotOf('format')
const roleSlot = slotOf('processing-role')
const conrefSlot = slotOf('conref')
const conkeyrefSlot = slotOf('conkeyref')
const keyrefSlot = slotOf('keyref')
const keyBits = (1 << slotOf('keys')) | (1 << slotOf('keyscope'))
const cascadeBits = (1 << scopeSlot) | (1 << formatSlot) | (1 << roleSlot)
const textElsewhereBits = (1 << keyrefSlot) | (1 << conrefSlot) | (1 << conkeyrefSlot)

const typeBits = (1 << classSlot) | (1 << xmlnsSlot)
const idBit = 1 << idSlot
const langBit = 1 << langSlot
/** Attributes that begin something which ends with the element. */
const closingBits = keyBits | cascadeBits | profilingBit
const unknownTraits = traitsOf(unknownElement)
const foreignTraits = traitsOf(foreignElement)

interface OpenCascade extends Cascade {
  readonly depth: number
  readonly outer: OpenCascade | null
}

type TopicDraft = { -readonly [Field in keyof TopicReading]: TopicReading[Field] }

/**
 * Reads a DITA topic, ditabase or map in one pass: what every start tag means, by the tables, and what it holds.
 *
 * Elements of other namespaces, and all that is inside of them, are counted and otherwise passed over.
 */
export class DitaReader implements XmlHandler {
  elementCount = 0
  depth = 0
  /** The element whose start tag is being read; rules look at it. */
  readonly element: ElementPlace = { name: '', traits: unknownTraits, within: -1, topic: -1, own: -1 }
  readonly findings: Findings
  readonly slots = new AttributeSlots()
  readonly captures = new TextCaptures()
  readonly references: ReferenceRecorder
  readonly keys: KeyRecorder
  readonly metadata: MetadataRecorder
  readonly targets: TargetRecorder
  readonly topics: TopicDraft[] = []
  language: { written: string; offset: number } | null = null
  shortDescription: string | null = null
  /** The types of the open elements, the root's at 1. */
  readonly open: ElementTraits[] = [unknownTraits]
  /** Whether anything of an open element ends with it, by depth: most elements have nothing. */
  private readonly isClosing: boolean[] = [false]
  cascade: OpenCascade | null = null
  /** The `title` attribute of a map (DITA 1.x). */
  mapTitle: string | null = null
  /** The topic or map whose title is being read. */
  titled: TopicDraft | null = null
  /** What the rules for images, tables and maps remember. */
  readonly images: OpenImage[] = []
  readonly areas: OpenArea[] = []
  readonly tableGroups: TableGroup[] = []
  readonly simpletables: OpenSimpletable[] = []
  map: MapObserver | null = null
  private readonly pushes: PushObserver
  private readonly profiling: ProfilingObserver
  /** Depth of the outermost open element of another namespace, 0 outside. */
  private foreignDepth = 0
  /** Depth of the outermost open `foreign` or `unknown`: whatever is inside may be foreign. */
  private holderDepth = 0

  constructor(findings: Findings) {
    this.findings = findings
    this.references = new ReferenceRecorder(findings, this.slots)
    this.keys = new KeyRecorder(findings, this.slots)
    this.metadata = new MetadataRecorder(findings, this.slots, this.captures)
    this.targets = new TargetRecorder(findings.places)
    this.pushes = new PushObserver(findings, this.slots)
    this.profiling = new ProfilingObserver(findings)
  }

  get isMap(): boolean {
    return this.open[1]?.info.kind === 'map'
  }

  startElement(name: string, attributes: XmlAttributes, offset: number): void {
    this.elementCount++
    const depth = ++this.depth
    if (this.foreignDepth !== 0) return
    const { slots, element } = this
    slots.read(attributes)
    const traits = this.traitsOf(name, offset)
    this.open[depth] = traits
    const { kind } = traits.info
    if (kind === 'foreign') {
      this.foreignDepth = depth
      return
    }
    const { bits } = slots
    this.isClosing[depth] = !traits.isPlain || (bits & closingBits) !== 0
    element.name = name
    element.traits = traits
    const hasId = (bits & idBit) !== 0
    if (kind === 'topic' || (kind === 'map' && depth === 1)) this.startTopic(name, offset)
    this.targets.start(element, depth, hasId ? slots.value(idSlot) : null, hasId ? slots.offset(idSlot) : offset)
    if (bits !== 0 || traits.beginsAlways) this.readAttributes(name, traits, depth, offset, attributes)
    if (this.pushes.isWatching || (bits & pushBits) !== 0) this.pushes.start(name, depth, offset)
    if (!traits.isPlain) this.startSpecial(traits, depth, offset)
  }

  endElement(): void {
    const depth = this.depth--
    if (this.foreignDepth !== 0) {
      if (depth === this.foreignDepth) this.foreignDepth = 0
      return
    }
    if (this.pushes.isWatching) this.pushes.end(depth)
    if (!this.isClosing[depth]) return
    const { rules } = this.open[depth]!
    for (let index = 0; index < rules.length; index++) rules[index]!.end?.(this, depth)
    this.profiling.end(depth)
    this.captures.close(depth)
    this.metadata.end(depth)
    this.keys.end(depth)
    if (this.cascade?.depth === depth) this.cascade = this.cascade.outer
    if (this.holderDepth === depth) this.holderDepth = 0
  }

  text(decode: () => string): void {
    if (this.captures.isActive && this.foreignDepth === 0) this.captures.append(decode())
  }

  /** An element that the tables say something of. */
  private startSpecial({ holdsForeign, holdsMetadata, metadata, rules }: ElementTraits, depth: number, offset: number): void {
    if (holdsForeign) this.holderDepth ||= depth
    if (holdsMetadata || (metadata !== null && this.metadata.isOpen)) {
      this.metadata.start(this.element, depth, offset, this.keys.about, this.onMetadataText)
    }
    for (let index = 0; index < rules.length; index++) rules[index]!.start?.(this, offset)
  }

  private readonly onMetadataText = (name: string, text: string): void => this.keys.offerText(name, text)

  private startTopic(name: string, offset: number): void {
    if (this.isMap) {
      this.mapTitle = this.slots.get('title')
      this.map ??= new MapObserver(this.findings)
    }
    this.topics.push({
      id: this.slots.value(idSlot),
      element: name,
      title: null,
      titleHasKeyref: false,
      place: this.findings.places.at(offset),
    })
  }

  private readAttributes(name: string, traits: ElementTraits, depth: number, offset: number, attributes: XmlAttributes): void {
    const { slots } = this
    const { bits } = slots
    if (traits.beginsAlways || (bits & cascadeBits) !== 0) this.openCascade(depth)
    if (traits.beginsAlways || (bits & keyBits) !== 0) this.startTopicref(name, traits.info.kind, depth)
    if (slots.referenceCount > 0) {
      this.references.record(this.element, this.cascade ?? nothingCascades)
      if (this.titled !== null && (bits & textElsewhereBits) !== 0) this.titled.titleHasKeyref = true
    }
    if ((bits & langBit) !== 0) this.readLanguage(slots.value(langSlot)!, slots.offset(langSlot), depth)
    if ((bits & profilingBit) !== 0) {
      this.profiling.start(attributes, depth)
      if (depth === 1) this.readRootConditions(offset)
    }
  }

  private startTopicref(name: string, kind: ElementKind, depth: number): void {
    if (this.isMap) this.keys.start(name, depth, kind === 'topicref', this.cascade ?? nothingCascades)
  }

  /** What the element says, or the grammar for it, cascades to the elements inside. */
  private openCascade(depth: number): void {
    if (!this.element.traits.givesCascade) return
    const { slots, cascade } = this
    const scope = slots.value(scopeSlot)
    const format = writtenFormat(slots.value(formatSlot))
    const role = slots.value(roleSlot)
    const isDefaultResource = this.element.traits.defaults.resourceOnly
    if (scope === null && format === null && role === null && !isDefaultResource) return
    this.cascade = {
      depth,
      outer: cascade,
      scope: scope === null || scope === useConrefTarget ? (cascade?.scope ?? null) : scope,
      format: format ?? cascade?.format ?? null,
      resourceOnly: role === 'resource-only' || (role !== 'normal' && (isDefaultResource || (cascade?.resourceOnly ?? false))),
    }
  }

  private readLanguage(value: string, offset: number, depth: number): void {
    if (depth === 1) this.language = { written: value, offset }
    this.findings.observeOnce('language', value, this.element.name, offset)
  }

  private readRootConditions(offset: number): void {
    for (const name of ['audience', 'platform', 'product', 'otherprops', 'props', 'deliveryTarget', 'rev']) {
      const value = this.slots.get(name)
      if (value !== null) this.findings.addMetadata(`@${name}`, value, null, offset)
    }
  }

  /** The type of an element: by its class attribute, else by its name (DITA 1.3, 2.5.3). */
  private traitsOf(name: string, offset: number): ElementTraits {
    const { slots } = this
    if ((slots.bits & typeBits) === 0) return traitsOfName(name) ?? this.unfamiliar(name, offset)
    const namespace = slots.value(xmlnsSlot)
    if (namespace !== null && namespace !== '') return this.foreign(name, namespace, offset)
    const written = slots.value(classSlot)
    const byClass = written === null ? null : elementByClass(written)
    if (byClass !== null) return traitsOf(byClass)
    if (written !== null) this.findings.observeOnce('invalid-class', written, name, slots.offset(classSlot))
    return traitsOfName(name) ?? this.unfamiliar(name, offset)
  }

  private unfamiliar(name: string, offset: number): ElementTraits {
    const colon = name.indexOf(':')
    if (colon > 0) return this.foreign(name, name.slice(0, colon), offset)
    if (this.holderDepth !== 0) return foreignTraits
    if (this.depth > 1) this.findings.observeOnce('unknown-element', name, null, offset)
    return unknownTraits
  }

  private foreign(name: string, namespace: string, offset: number): ElementTraits {
    if (this.holderDepth === 0) this.findings.observeOnce('foreign-element', name, namespace, offset)
    return foreignTraits
  }
}
