import { tableWith, twoCells } from '../example-tables.ts'
import { observationCheck } from '../observed.ts'
import { attribute, quoted } from '../quoted.ts'

export const check = observationCheck({
  code: 'TABLE_COLUMN_NAMES',
  severity: 'warning',
  wants: 'The columns and spans of a table have different names, and cells name only those.',
  why: 'A cell that names an unknown column lands in the wrong one, or making the PDF stops.',
  remedy: 'Correct the name in the cell, or in the colspec or spanspec element.',
  ditaOt: ['DOTJ062E', 'DOTJ082E'],
  examples: {
    passing: { file: 'pump.dita', content: tableWith(' cols="2"', twoCells) },
    failing: {
      file: 'pump.dita',
      content: tableWith(' cols="2"', '<row><entry namest="part" nameend="grease">Gear</entry></row>'),
      at: [7, 16],
      says: 'nameend="grease" names no column or span of the table.',
    },
  },
  words: {
    'table-colspec-duplicate': ({ subject }) => `The table has two columns or spans named ${quoted(subject)}.`,
    'table-unknown-column': ({ subject, detail }) => `${attribute(detail, subject)} names no column or span of the table.`,
  },
})
