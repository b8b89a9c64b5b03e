import type { Place } from '../../reading.ts'
import type { DitaReader } from '../dita-reader.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'

interface OpenTable {
  /** Cells of the head or of the first row; -1 before it has ended. */
  expected: number
  cells: number
  row: Place | null
}

/** Rows of simple tables that have more cells than the head or first row (DITA 1.3, 3.2.2.35 simpletable). */
export function simpletableRules(reader: DitaReader): ElementRules {
  const { findings } = reader
  const tables: OpenTable[] = []
  const row: ElementRule = {
    start(offset) {
      const table = tables.at(-1)
      if (table === undefined) return
      table.cells = 0
      table.row = findings.places.at(offset)
    },
    end() {
      const table = tables.at(-1)
      if (table === undefined || table.row === null) return
      if (table.expected < 0) table.expected = table.cells
      else if (table.cells > table.expected) {
        findings.observe('simpletable-row-cells', String(table.cells), String(table.expected), table.row)
      }
    },
  }
  return {
    'topic/simpletable': {
      start() {
        tables.push({ expected: -1, cells: 0, row: null })
      },
      end() {
        tables.pop()
      },
    },
    'topic/sthead': row,
    'topic/strow': row,
    'topic/stentry': {
      start() {
        const table = tables.at(-1)
        if (table !== undefined) table.cells += Math.max(1, Number(reader.slots.get('colspan') ?? 1) || 1)
      },
    },
  }
}
