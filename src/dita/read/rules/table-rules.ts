import type { ElementRule, ElementRules } from './element-rule.ts'
import { TableGroup } from './table-group.ts'

const group: ElementRule = {
  start: ({ tableGroups, findings, slots }, offset) => {
    tableGroups.push(new TableGroup(findings, slots.get('cols'), offset))
  },
  end: ({ tableGroups }) => tableGroups.pop()?.finish(),
}

const part: ElementRule = { start: ({ tableGroups }) => tableGroups.at(-1)?.startPart() }

const row: ElementRule = {
  start: ({ tableGroups }, offset) => tableGroups.at(-1)?.startRow(offset),
  end: ({ tableGroups }) => tableGroups.at(-1)?.endRow(),
}

const column: ElementRule = {
  start: ({ tableGroups, slots }, offset) => tableGroups.at(-1)?.column(slots, offset),
}

const entry: ElementRule = {
  start: ({ tableGroups, slots }, offset) => tableGroups.at(-1)?.entry(slots, offset),
}

/** The shape of tables: columns, spans and cells (DITA 1.3, 3.2.2.41 table; the OASIS exchange table model). */
export const tableRules: ElementRules = {
  'topic/tgroup': group,
  'topic/colspec': column,
  'topic/thead': part,
  'topic/tbody': part,
  'topic/row': row,
  'topic/entry': entry,
}
