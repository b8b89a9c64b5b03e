import { counted } from '../counted.ts'
import { tableWith, twoCells } from '../example-tables.ts'
import { observationCheck } from '../observed.ts'
import { attribute } from '../quoted.ts'

export const check = observationCheck({
  code: 'TABLE_COLUMNS',
  severity: 'warning',
  wants: 'A tgroup says in cols how many columns it has, and specifies no more than these.',
  why: 'PDF formatters lay the table out by this number: with a wrong one columns are cut off, or making the PDF stops.',
  remedy: 'Set cols to the number of columns, and remove superfluous colspec elements.',
  ditaOt: ['DOTJ063E'],
  examples: {
    passing: { file: 'pump.dita', content: tableWith(' cols="2"', twoCells) },
    failing: {
      file: 'pump.dita',
      content: tableWith('', twoCells),
      at: [5, 7],
      says: 'The table does not say how many columns it has: the attribute cols is missing.',
    },
  },
  words: {
    'table-cols-missing': () => 'The table does not say how many columns it has: the attribute cols is missing.',
    'table-cols-invalid': ({ subject }) => `The table has ${attribute('cols', subject)}, which is no number of columns.`,
    'table-colspec-count': ({ subject, detail }) => `The table specifies ${counted(subject, 'column')}, but has cols="${detail}".`,
  },
})
