import type { DitaReader } from '../dita-reader.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'
import { TableGroup } from './table-group.ts'

/** The shape of tables: columns, spans and cells (DITA 1.3, 3.2.2.41 table; the OASIS exchange table model). */
export function tableRules(reader: DitaReader): ElementRules {
  const { findings, slots } = reader
  const groups: TableGroup[] = []
  const group = () => groups.at(-1)
  const row: ElementRule = {
    start: (offset) => group()?.startRow(findings.places.at(offset)),
    end: () => group()?.endRow(),
  }
  const part: ElementRule = { start: () => group()?.startPart() }
  return {
    'topic/tgroup': {
      start: (offset) => void groups.push(new TableGroup(findings, slots.get('cols'), findings.places.at(offset))),
      end: () => groups.pop()?.finish(),
    },
    'topic/colspec': { start: (offset) => group()?.column(slots, findings.places.at(offset)) },
    'topic/spanspec': { start: (offset) => group()?.span(slots, findings.places.at(offset)) },
    'topic/thead': part,
    'topic/tbody': part,
    'topic/row': row,
    'topic/entry': { start: (offset) => group()?.entry(slots, findings.places.at(offset)) },
  }
}
