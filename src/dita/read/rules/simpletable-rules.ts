import type { ElementRule, ElementRules } from './element-rule.ts'

/** A simple table whose end has not come. */
export interface OpenSimpletable {
  /** Cells of the head or of the first row; -1 before it has ended. */
  expected: number
  cells: number
  row: number | null
}

const table: ElementRule = {
  start: ({ simpletables }) => void simpletables.push({ expected: -1, cells: 0, row: null }),
  end: ({ simpletables }) => void simpletables.pop(),
}

const row: ElementRule = {
  start({ simpletables }, offset) {
    const open = simpletables.at(-1)
    if (open === undefined) return
    open.cells = 0
    open.row = offset
  },
  end({ simpletables, findings }) {
    const open = simpletables.at(-1)
    if (open === undefined || open.row === null) return
    if (open.expected < 0) open.expected = open.cells
    else if (open.cells > open.expected) findings.observe('simpletable-row-cells', String(open.cells), String(open.expected), open.row)
  },
}

const cell: ElementRule = {
  start({ simpletables, slots }) {
    const open = simpletables.at(-1)
    if (open !== undefined) open.cells += Math.max(1, Number(slots.get('colspan') ?? 1) || 1)
  },
}

/** Rows of simple tables that have more cells than the head or first row (DITA 1.3, 3.2.2.35 simpletable). */
export const simpletableRules: ElementRules = {
  'topic/simpletable': table,
  'topic/sthead': row,
  'topic/strow': row,
  'topic/stentry': cell,
}
