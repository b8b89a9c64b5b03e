import { counted } from '../counted.ts'
import { tableWith, twoCells } from '../example-tables.ts'
import { observationCheck } from '../observed.ts'

export const check = observationCheck({
  code: 'TABLE_CELLS',
  severity: 'warning',
  wants: 'The cells of each row, with what they span, fill the columns of the table.',
  why: 'Cells that are too many are cut off or push the table out of shape; where one is missing, the others stand in wrong columns.',
  remedy:
    'Add the missing cell or remove the superfluous one, or correct the spans (namest, nameend, morerows) of this row and those above it.',
  ditaOt: ['DOTJ082E'],
  examples: {
    passing: { file: 'pump.dita', content: tableWith(' cols="2"', twoCells) },
    failing: {
      file: 'pump.dita',
      content: tableWith(' cols="2"', '<row><entry>Gear</entry></row>'),
      at: [7, 11],
      says: 'The cells of this row fill 1 column, but the table has 2.',
    },
  },
  words: {
    'table-row-cells': ({ subject, detail }) => `The cells of this row fill ${counted(subject, 'column')}, but the table has ${detail}.`,
    'simpletable-row-cells': ({ subject, detail }) =>
      `This row has ${counted(subject, 'cell')}, but the first row or the head of the table has ${detail}.`,
  },
})
