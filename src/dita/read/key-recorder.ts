import type { KeyDefinition, KeyScopeDefinition } from '../reading.ts'
import { useConrefTarget } from '../tables/reference-attributes.ts'
import type { AttributeSlots } from './attribute-slots.ts'
import { slotOf } from './attribute-slots.ts'
import type { Cascade } from './cascade.ts'
import type { Findings } from './findings.ts'
import { isKeyName } from './key-names.ts'
import { writtenFormat } from './reference-format.ts'

const keysSlot = slotOf('keys')
const keyscopeSlot = slotOf('keyscope')
const hrefSlot = slotOf('href')
const keyrefSlot = slotOf('keyref')
const scopeSlot = slotOf('scope')
const formatSlot = slotOf('format')

type Draft = { -readonly [Field in keyof KeyDefinition]: KeyDefinition[Field] }

/** A topicref that is open, with the key definition that it makes. */
interface OpenTopicref {
  readonly depth: number
  readonly about: string | null
  readonly definition: Draft | null
  /** How good the text of the definition is: a better source replaces it. */
  textRank: number
}

/** Where the text of a key comes from, the best first (DITA 1.3, 2.4.4.2.8). */
const textRanks: Readonly<Record<string, number>> = { keytext: 0, keyword: 0, linktext: 1, term: 1, navtitle: 2 }
const attributeRank = 3
const noRank = 4

/** Records key definitions and key scopes of maps, as they stand (DITA 1.3, 2.4.4.2): resolving them is per root map. */
export class KeyRecorder {
  readonly keys: KeyDefinition[] = []
  readonly keyScopes: KeyScopeDefinition[] = []
  private readonly findings: Findings
  private readonly slots: AttributeSlots
  private readonly open: OpenTopicref[] = []
  private readonly scopes: { readonly depth: number; readonly all: readonly (readonly string[])[] }[] = []

  constructor(findings: Findings, slots: AttributeSlots) {
    this.findings = findings
    this.slots = slots
  }

  /** The topicref that metadata found now is about, or `null`. */
  get about(): string | null {
    return this.open.at(-1)?.about ?? null
  }

  /** A map or a topicref begins. A scope holds the keys of the element that makes it. */
  start(name: string, depth: number, isTopicref: boolean, cascade: Cascade): void {
    if (this.slots.has(keyscopeSlot)) this.openScope(depth)
    const definition = this.slots.has(keysSlot) ? this.define(name, cascade) : null
    if (!isTopicref) return
    const about = this.slots.value(hrefSlot) ?? this.slots.value(keyrefSlot) ?? this.slots.value(keysSlot)
    this.open.push({ depth, about, definition, textRank: definition?.text == null ? noRank : attributeRank })
  }

  end(depth: number): void {
    if (this.open.at(-1)?.depth === depth) this.open.pop()
    if (this.scopes.at(-1)?.depth === depth) this.scopes.pop()
  }

  /** Text of an element of the open topicref's metadata. */
  offerText(name: string, text: string): void {
    const topicref = this.open.at(-1)
    if (topicref === undefined || topicref.definition === null || text === '') return
    const rank = Object.hasOwn(textRanks, name) ? textRanks[name]! : noRank
    if (rank >= topicref.textRank) return
    topicref.definition.text = text
    topicref.textRank = rank
  }

  private openScope(depth: number): void {
    const names = this.names(keyscopeSlot, 'keyscope-name-invalid')
    if (names.length === 0) return
    this.keyScopes.push({ names, place: this.findings.places.at(this.slots.offset(keyscopeSlot)) })
    this.scopes.push({ depth, all: [...(this.scopes.at(-1)?.all ?? []), names] })
  }

  private define(element: string, cascade: Cascade): Draft | null {
    const keys = this.names(keysSlot, 'key-name-invalid')
    if (keys.length === 0) return null
    const definition: Draft = {
      keys,
      element,
      href: this.slots.value(hrefSlot),
      keyref: this.slots.value(keyrefSlot),
      scope: this.slots.value(scopeSlot) ?? cascade.scope,
      format: writtenFormat(this.slots.value(formatSlot)),
      text: this.slots.get('navtitle'),
      scopes: this.scopes.at(-1)?.all ?? [],
      place: this.findings.places.at(this.slots.offset(keysSlot)),
    }
    this.keys.push(definition)
    return definition
  }

  /** The legal names of a list attribute; the others are observed. */
  private names(slot: number, kind: 'key-name-invalid' | 'keyscope-name-invalid'): string[] {
    const value = this.slots.value(slot)!
    if (value === useConrefTarget) return []
    const names = value.split(' ').filter((name) => name !== '')
    const offset = this.slots.offset(slot)
    if (names.length === 0) this.findings.observe(kind, '', '', offset)
    return names.filter((name) => {
      if (isKeyName(name)) return true
      this.findings.observe(kind, name, '', offset)
      return false
    })
  }
}
