import type { Reference, ReferenceScope } from '../reference.ts'
import { isWebScheme, schemeOf, scopeOfScheme } from '../resolve/uri.ts'
import type { ElementInfo } from '../tables/elements.ts'
import { type ReferenceAttribute, referenceAttributes, useConrefTarget } from '../tables/reference-attributes.ts'
import { type AttributeSlots, slotOf } from './attribute-slots.ts'
import { type Cascade, nothingCascades } from './cascade.ts'
import type { ElementTraits } from './element-traits.ts'
import type { Findings } from './findings.ts'
import { isKeyReference } from './key-names.ts'
import { formatByExtension, writtenFormat } from './reference-format.ts'
import { bareReference, type ReferenceDraft } from './simple-reference.ts'

const conactionSlot = slotOf('conaction')
const scopeSlot = slotOf('scope')
const formatSlot = slotOf('format')
const codebaseSlot = slotOf('codebase')

/** The element whose references are recorded; the numbers are as in {@link Reference}. */
export interface ElementPlace {
  name: string
  traits: ElementTraits
  within: number
  topic: number
  own: number
}

/** Records the references of start tags in document order (DITA 1.3, 2.4; which attributes: `tables/reference-attributes.ts`). */
export class ReferenceRecorder {
  readonly references: Reference[] = []
  private readonly findings: Findings
  private readonly slots: AttributeSlots

  constructor(findings: Findings, slots: AttributeSlots) {
    this.findings = findings
    this.slots = slots
  }

  /** Records the references of the start tag that `slots` holds. */
  record(place: ElementPlace, cascade: Cascade): void {
    const first = this.references.length
    for (let at = 0; at < this.slots.referenceCount; at++) {
      const slot = this.slots.references[at]!
      const row = referenceAttributes[slot]!
      const value = this.slots.value(slot)!
      if (value === useConrefTarget || !isDeclaredOn(row, place.traits.info)) continue
      const values = row.syntax === 'uris' || row.syntax === 'keys' ? value.split(' ').filter((item) => item !== '') : [value]
      for (const item of values) this.recordValue(row, slot, item, place, cascade)
    }
    if (this.references.length > first + 1) this.linkRange(first)
  }

  private recordValue(row: ReferenceAttribute, slot: number, value: string, place: ElementPlace, cascade: Cascade): void {
    const draft = this.draft(row, slot, value, place)
    draft.resourceOnly = cascade.resourceOnly
    if (row.use === 'key') {
      if (!isKeyReference(value)) this.observe('keyref-invalid', draft, slot, row.attribute)
    } else if (row.use !== 'name') this.describeAddress(row, draft, slot, value, place, cascade)
    this.references.push(draft)
  }

  private describeAddress(
    row: ReferenceAttribute,
    draft: ReferenceDraft,
    slot: number,
    value: string,
    place: ElementPlace,
    cascade: Cascade,
  ): void {
    const scheme = schemeOf(value)
    const isLink = row.attribute === 'href'
    if (isLink) this.describeLink(draft, value, scheme, place, cascade)
    else if (row.use === 'content') draft.conaction = this.slots.value(conactionSlot)
    else if (row.use === 'image') draft.base = this.slots.value(codebaseSlot)
    if (row.format !== null) draft.formatGiven = row.attribute !== 'conref' && row.attribute !== 'conrefend'
    draft.format ??= row.format ?? formatByExtension(value, draft.use, scheme)
    if (!draft.scopeGiven) draft.scope = scopeOfScheme(scheme)
    if (isLink && !draft.scopeGiven && draft.oddScope === null && isWebScheme(scheme)) {
      this.observe('absolute-without-scope', draft, slot, place.name)
    }
  }

  /** What `href` means: explicit attributes, then defaults of the grammar, then what cascades (DITA 1.3, 2.4.3.1 and 2.4.4.5). */
  private describeLink(draft: ReferenceDraft, value: string, scheme: string | null, { traits }: ElementPlace, cascade: Cascade): void {
    const inherited = traits.takesCascade ? cascade : nothingCascades
    const written = this.slots.value(scopeSlot)
    const scope = written === null || written === useConrefTarget ? inherited.scope : written
    if (scope !== null && isScope(scope)) {
      draft.scope = scope
      draft.scopeGiven = true
    } else draft.oddScope = scope
    const format = writtenFormat(this.slots.value(formatSlot)) ?? traits.defaults.format ?? inherited.format
    draft.formatGiven = format !== null
    draft.format = format ?? formatByExtension(value, traits.hrefUse, scheme)
    draft.use = traits.info.kind === 'topicref' && draft.format === 'ditamap' ? 'map' : traits.hrefUse
  }

  private observe(kind: 'keyref-invalid' | 'absolute-without-scope', draft: ReferenceDraft, slot: number, detail: string): void {
    this.findings.observe(kind, draft.value, detail, this.slots.offset(slot))
  }

  private linkRange(first: number): void {
    const drafts = this.references.slice(first) as ReferenceDraft[]
    const end = drafts.find(({ attribute }) => attribute === 'conrefend')
    if (end !== undefined) end.start = this.references.findIndex(({ attribute }, index) => index >= first && attribute === 'conref')
  }

  /** A reference of which only what the table says is known. */
  private draft(row: ReferenceAttribute, slot: number, value: string, place: ElementPlace): ReferenceDraft {
    const draft = bareReference(place.name, row.attribute, value, row.use)
    draft.within = place.within
    draft.topic = place.topic
    draft.own = place.own
    this.findings.places.register(draft, this.slots.offset(slot))
    return draft
  }
}

/** Elements without a known type carry every attribute but those that only `object` has: `data` means anything elsewhere. */
function isDeclaredOn(row: ReferenceAttribute, info: ElementInfo): boolean {
  if (row.on === null) return row.notOn !== info.base
  return row.on.includes(info.base) || (info.kind === 'unknown' && !row.on.includes('topic/object'))
}

function isScope(value: string): value is ReferenceScope {
  return value === 'local' || value === 'peer' || value === 'external'
}
