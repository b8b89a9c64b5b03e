import type { Place } from '../reading.ts'
import type { Reference } from '../reference.ts'
import type { XmlAttributes, XmlHandler } from '../xml/events.ts'
import type { Findings } from './findings.ts'
import { simpleReference } from './simple-reference.ts'

const elements: ReadonlySet<string> = new Set(['val', 'style-conflict', 'prop', 'revprop', 'startflag', 'endflag', 'alt-text'])

/** Actions by rule (DITA 1.3, 3.7: DITAVAL elements). */
const actions: Readonly<Record<string, ReadonlySet<string>>> = {
  prop: new Set(['include', 'exclude', 'passthrough', 'flag']),
  revprop: new Set(['include', 'passthrough', 'flag']),
}
const styles: ReadonlySet<string> = new Set(['underline', 'double-underline', 'italics', 'overline', 'bold', 'line-through'])

/** Reads a DITAVAL file: its pictures are references, its rules are looked at for what DITA-OT would stumble over. */
export class DitavalReader implements XmlHandler {
  elementCount = 0
  readonly references: Reference[] = []
  private readonly findings: Findings
  private readonly rules = new Map<string, Place>()

  constructor(findings: Findings) {
    this.findings = findings
  }

  startElement(name: string, attributes: XmlAttributes, offset: number): void {
    this.elementCount++
    const place = this.findings.places.at(offset)
    if (!elements.has(name)) this.findings.observe('ditaval-unknown-element', name, '', place)
    if (name === 'prop' || name === 'revprop') this.readRule(name, attributes, place)
    if (name === 'startflag' || name === 'endflag') this.readFlag(name, attributes)
  }

  endElement(): void {}

  text(): void {}

  private readRule(name: 'prop' | 'revprop', attributes: XmlAttributes, place: Place): void {
    const action = attributes.get('action')
    if (action === undefined) this.findings.observe('ditaval-action-missing', name, '', place)
    else if (!actions[name]!.has(action)) this.findings.observe('ditaval-action-invalid', action, name, place)
    const style = attributes.get('style') ?? ''
    for (const word of style.split(' ')) {
      // Braces hold styles of a processor's own.
      if (word !== '' && !styles.has(word) && !/^\{.*\}$/.test(word)) this.findings.observe('ditaval-value-invalid', word, 'style', place)
    }
    const att = attributes.get('att')
    const val = attributes.get('val')
    if (name === 'prop' && val !== undefined && att === undefined) this.findings.observe('ditaval-val-without-att', val, '', place)
    this.noteRule(name, att ?? '', val ?? '', place)
  }

  private noteRule(name: string, att: string, val: string, place: Place): void {
    const key = JSON.stringify([name, att, val])
    const first = this.rules.get(key)
    if (first === undefined) this.rules.set(key, place)
    else {
      const subject = [att, val].filter((part) => part !== '').join('=')
      this.findings.atEnd(() => this.findings.observe('ditaval-duplicate-rule', subject, String(first.line), place))
    }
  }

  private readFlag(name: string, attributes: XmlAttributes): void {
    for (let index = 0; index < attributes.count; index++) {
      if (attributes.name(index) !== 'imageref') continue
      const reference = simpleReference(name, 'imageref', attributes.value(index), 'image')
      this.findings.places.register(reference, attributes.offset(index))
      this.references.push(reference)
    }
  }
}
