import { maxTableColumns } from '../../../model/document-limits.ts'
import type { AttributeSlots } from '../attribute-slots.ts'
import type { Findings } from '../findings.ts'

interface Span {
  readonly first: number
  readonly last: number
}

/** One `tgroup`: follows which columns the cells of each row fill, spans over rows included. */
export class TableGroup {
  private readonly findings: Findings
  private readonly offset: number
  /** `null` where `cols` says nothing usable: then cells are not counted. */
  private readonly cols: number | null
  private columnCount = 0
  private lastColumn = 0
  private readonly columns = new Map<string, number>()
  /** Rows that a cell above still fills, by column. */
  private below: number[] = []
  private filled = new Set<number>()
  private next = 1
  private isExplicit = false
  private width = 0
  private row: number | null = null

  constructor(findings: Findings, cols: string | null, offset: number) {
    this.findings = findings
    this.offset = offset
    const count = cols === null ? null : Number(cols)
    this.cols = count !== null && Number.isInteger(count) && count > 0 && count <= maxTableColumns ? count : null
    if (cols === null) findings.observe('table-cols-missing', '', '', offset)
    else if (this.cols === null) findings.observe('table-cols-invalid', cols, '', offset)
  }

  column(slots: AttributeSlots, offset: number): void {
    this.columnCount++
    const number = this.number(slots, 'colnum', offset) ?? this.lastColumn + 1
    this.lastColumn = number
    const name = slots.get('colname')
    if (name === null) return
    if (this.columns.has(name)) this.findings.observe('table-colspec-duplicate', name, '', offset)
    else this.columns.set(name, number)
  }

  startPart(): void {
    this.below = []
  }

  startRow(offset: number): void {
    this.row = offset
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

  entry(slots: AttributeSlots, offset: number): void {
    const span = this.spanOf(slots, offset)
    const more = this.number(slots, 'morerows', offset, 0) ?? 0
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
    if (cols !== null && columnCount > cols) this.findings.observe('table-colspec-count', String(columnCount), String(cols), this.offset)
  }

  private nextFree(): number {
    let column = this.next
    while (column <= maxTableColumns && this.filled.has(column)) column++
    return column
  }

  /** The columns that an entry names, or `null`. */
  private spanOf(slots: AttributeSlots, offset: number): Span | null {
    const first = this.columnNamed(slots, 'namest', offset)
    const last = this.columnNamed(slots, 'nameend', offset)
    if (first !== null && last !== null) {
      if (last >= first) return { first, last }
      this.findings.observe('table-span-order', slots.get('nameend')!, slots.get('namest')!, offset)
      return { first, last: first }
    }
    const only = first ?? this.columnNamed(slots, 'colname', offset)
    return only === null ? null : { first: only, last: only }
  }

  private columnNamed(slots: AttributeSlots, attribute: string, offset: number): number | null {
    const name = slots.get(attribute)
    if (name === null) return null
    const column = this.columns.get(name)
    if (column === undefined) this.findings.observe('table-unknown-column', name, attribute, offset)
    return column ?? null
  }

  private number(slots: AttributeSlots, attribute: string, offset: number, least = 1): number | null {
    const value = slots.get(attribute)
    if (value === null) return null
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= least && number <= maxTableColumns) return number
    this.findings.observe('table-number-invalid', value, attribute, offset)
    return null
  }
}
