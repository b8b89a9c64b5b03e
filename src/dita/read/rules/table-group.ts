import { maxTableColumns } from '../../../model/limits.ts'
import type { Place } from '../../reading.ts'
import type { AttributeSlots } from '../attribute-slots.ts'
import type { Findings } from '../findings.ts'

interface Span {
  readonly first: number
  readonly last: number
}

/** One `tgroup`: follows which columns the cells of each row fill, spans over rows included. */
export class TableGroup {
  private readonly findings: Findings
  private readonly place: Place
  /** `null` where `cols` says nothing usable: then cells are not counted. */
  private readonly cols: number | null
  private columnCount = 0
  private lastColumn = 0
  private readonly columns = new Map<string, number>()
  private readonly spans = new Map<string, Span>()
  /** Rows that a cell above still fills, by column. */
  private below: number[] = []
  private filled = new Set<number>()
  private next = 1
  private isExplicit = false
  private width = 0
  private row: Place | null = null

  constructor(findings: Findings, cols: string | null, place: Place) {
    this.findings = findings
    this.place = place
    const count = cols === null ? null : Number(cols)
    this.cols = count !== null && Number.isInteger(count) && count > 0 && count <= maxTableColumns ? count : null
    if (cols === null) findings.observe('table-cols-missing', '', '', place)
    else if (this.cols === null) findings.observe('table-cols-invalid', cols, '', place)
  }

  column(slots: AttributeSlots, place: Place): void {
    this.columnCount++
    const number = this.number(slots, 'colnum', place) ?? this.lastColumn + 1
    this.lastColumn = number
    const name = slots.get('colname')
    if (name !== null) this.define(this.columns, name, number, place)
  }

  span(slots: AttributeSlots, place: Place): void {
    const name = slots.get('spanname')
    const span = this.spanOf(slots, place)
    if (name !== null && span !== null) this.define(this.spans, name, span, place)
  }

  startPart(): void {
    this.below = []
  }

  startRow(place: Place): void {
    this.row = place
    this.next = 1
    this.width = 0
    this.isExplicit = false
    this.filled = new Set()
    for (const column of this.below.keys()) {
      const rows = this.below[column] ?? 0
      if (rows === 0) continue
      this.filled.add(column)
      this.below[column] = rows - 1
    }
  }

  entry(slots: AttributeSlots, place: Place): void {
    const span = this.spanOf(slots, place)
    const more = this.number(slots, 'morerows', place, 0) ?? 0
    const first = span?.first ?? this.nextFree()
    const last = span?.last ?? first
    for (let column = first; column <= last; column++) {
      this.filled.add(column)
      if (more > 0) this.below[column] = more
    }
    this.width = Math.max(this.width, last)
    this.next = last + 1
    if (span !== null) this.isExplicit = true
  }

  /** A row is full when its cells and those that reach into it fill all columns; cells that name their columns may leave some out. */
  endRow(): void {
    const { row, cols } = this
    this.row = null
    if (row === null || cols === null) return
    const filled = Math.max(this.width, this.filled.size)
    if (filled > cols || (filled < cols && !this.isExplicit)) this.findings.observe('table-row-cells', String(filled), String(cols), row)
  }

  finish(): void {
    const { cols, columnCount } = this
    if (cols !== null && columnCount > cols) this.findings.observe('table-colspec-count', String(columnCount), String(cols), this.place)
  }

  private nextFree(): number {
    let column = this.next
    while (column <= maxTableColumns && this.filled.has(column)) column++
    return column
  }

  /** The columns that an entry or spanspec names, or `null`. */
  private spanOf(slots: AttributeSlots, place: Place): Span | null {
    const spanname = slots.get('spanname')
    if (spanname !== null && this.spans.has(spanname)) return this.spans.get(spanname)!
    const first = this.columnNamed(slots, 'namest', place)
    const last = this.columnNamed(slots, 'nameend', place)
    if (first !== null && last !== null) {
      if (last >= first) return { first, last }
      this.findings.observe('table-span-order', slots.get('nameend')!, slots.get('namest')!, place)
      return { first, last: first }
    }
    const only = first ?? this.columnNamed(slots, 'colname', place)
    return only === null ? null : { first: only, last: only }
  }

  private columnNamed(slots: AttributeSlots, attribute: string, place: Place): number | null {
    const name = slots.get(attribute)
    if (name === null) return null
    const column = this.columns.get(name)
    if (column === undefined) this.findings.observe('table-unknown-column', name, attribute, place)
    return column ?? null
  }

  private define<Value>(names: Map<string, Value>, name: string, value: Value, place: Place): void {
    if (names.has(name)) this.findings.observe('table-colspec-duplicate', name, '', place)
    else names.set(name, value)
  }

  private number(slots: AttributeSlots, attribute: string, place: Place, least = 1): number | null {
    const value = slots.get(attribute)
    if (value === null) return null
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= least && number <= maxTableColumns) return number
    this.findings.observe('table-number-invalid', value, attribute, place)
    return null
  }
}
