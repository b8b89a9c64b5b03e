import { tableWith } from '../example-tables.ts'
import { observationCheck } from '../observed.ts'
import { attribute, quoted } from '../quoted.ts'

function wideCell(start: string, end: string): string {
  return tableWith(' cols="2"', `<row><entry namest="${start}" nameend="${end}">Gear</entry></row>`)
}

export const check = observationCheck({
  code: 'TABLE_SPANS',
  severity: 'warning',
  wants: 'A cell that spans columns ends at or after the column where it begins, and spans are numbers.',
  why: 'Publishing ignores such a span, and all cells behind it stand in wrong columns.',
  remedy: 'Exchange namest and nameend, or correct the number.',
  ditaOt: ['DOTJ062E', 'DOTJ082E'],
  examples: {
    passing: { file: 'pump.dita', content: wideCell('part', 'oil') },
    failing: {
      file: 'pump.dita',
      content: wideCell('oil', 'part'),
      at: [7, 16],
      says: 'The cell spans from the column “oil” back to the column “part”.',
    },
  },
  words: {
    'table-span-order': ({ subject, detail }) => `The cell spans from the column ${quoted(detail)} back to the column ${quoted(subject)}.`,
    'table-number-invalid': ({ subject, detail }) => `${attribute(detail, subject)} must be a number.`,
  },
})
