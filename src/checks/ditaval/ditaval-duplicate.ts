import { observationCheck } from '../observed.ts'
import { quoted } from '../quoted.ts'

function rules(second: string): string {
  return `<val>\n  <prop att="audience" val="expert" action="exclude"/>\n  <prop att="audience" val="${second}" action="include"/>\n</val>\n`
}

export const check = observationCheck({
  code: 'DITAVAL_DUPLICATE',
  severity: 'warning',
  wants: 'A filter file (DITAVAL) has one rule for each attribute and value.',
  why: 'Tools differ in which of the rules they follow, so that content appears or disappears by chance.',
  remedy: 'Remove one of the rules.',
  ditaOt: ['DOTJ007I'],
  examples: {
    passing: { file: 'print.ditaval', content: rules('user') },
    failing: {
      file: 'print.ditaval',
      content: rules('expert'),
      at: [3, 3],
      says: 'There is a rule for “audience=expert” before, in line 2.',
    },
  },
  words: { 'ditaval-duplicate-rule': ({ subject, detail }) => `There is a rule for ${quoted(subject)} before, in line ${detail}.` },
})
