import { useConrefTarget } from '../tables/reference-attributes.ts'
import { type AttributeSlots, slotOf } from './attribute-slots.ts'
import type { Findings } from './findings.ts'

const conactionSlot = slotOf('conaction')
const conrefSlot = slotOf('conref')
const conkeyrefSlot = slotOf('conkeyref')
const conrefendSlot = slotOf('conrefend')

/** The attributes that this looks at. */
export const pushBits = (1 << conactionSlot) | (1 << conrefendSlot)

const actions: ReadonlySet<string> = new Set(['pushreplace', 'pushbefore', 'pushafter', 'mark'])

/** The last element with a conaction among the children of one parent. */
interface Action {
  readonly depth: number
  readonly action: string
  readonly element: string
  readonly offset: number
  /** A mark that has its push, a push that has its mark. */
  isPaired: boolean
}

/**
 * Follows pushes of content (DITA 1.3, 2.4.4.1.5): `pushbefore` stands right before a `mark`, `pushafter` right after one, and the mark
 * names the place by a conref; `pushreplace` has a conref of its own.
 */
export class PushObserver {
  private readonly findings: Findings
  private readonly slots: AttributeSlots
  private readonly open: Action[] = []

  /** Whether the next sibling is waited for: then every start tag must be told. */
  get isWatching(): boolean {
    return this.open.length > 0
  }

  constructor(findings: Findings, slots: AttributeSlots) {
    this.findings = findings
    this.slots = slots
  }

  /** A start tag. Need not be told of where nothing is watched and the tag has none of {@link pushBits}. */
  start(element: string, depth: number, offset: number): void {
    const before = this.open.at(-1)?.depth === depth ? this.open.pop()! : null
    const { slots } = this
    if (slots.has(conrefendSlot) && !slots.has(conrefSlot) && !slots.has(conkeyrefSlot)) {
      this.findings.observe('conrefend-without-conref', slots.value(conrefendSlot)!, element, offset)
    }
    const action = slots.value(conactionSlot)
    if (action === null || action === useConrefTarget) {
      if (before !== null) this.conclude(before)
      return
    }
    const now: Action = { depth, action, element, offset, isPaired: false }
    if (before !== null) this.pair(before, now)
    this.checkAttributes(now)
    this.open.push(now)
  }

  end(depth: number): void {
    // Children of the element that ends: none follows.
    if (this.open.length > 0 && this.open[this.open.length - 1]!.depth === depth + 1) this.conclude(this.open.pop()!)
  }

  private pair(before: Action, now: Action): void {
    if ((before.action === 'pushbefore' && now.action === 'mark') || (before.action === 'mark' && now.action === 'pushafter')) {
      before.isPaired = true
      now.isPaired = true
    }
    this.conclude(before)
  }

  private conclude({ action, element, offset, isPaired }: Action): void {
    if (isPaired) return
    if (action === 'mark') this.findings.observe('conaction-mark-alone', element, '', offset)
    else if (action === 'pushbefore' || action === 'pushafter') {
      this.findings.observe('conaction-push-without-mark', action, element, offset)
    }
  }

  private checkAttributes({ action, element, offset }: Action): void {
    const { slots, findings } = this
    if (!actions.has(action)) findings.observe('conaction-unknown', action, element, offset)
    const hasSource = slots.has(conrefSlot) || slots.has(conkeyrefSlot)
    if ((action === 'mark' || action === 'pushreplace') && !hasSource) findings.observe('conaction-without-conref', action, element, offset)
    if (slots.has(conrefendSlot)) findings.observe('conaction-with-conrefend', action, element, offset)
  }
}
