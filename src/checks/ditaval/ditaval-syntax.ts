import { observationCheck } from '../observed.ts'
import { attribute, tag } from '../quoted.ts'

function rules(action: string): string {
  return `<val>\n  <prop att="audience" val="expert" action="${action}"/>\n</val>\n`
}

export const check = observationCheck({
  code: 'DITAVAL_SYNTAX',
  severity: 'warning',
  wants: 'The rules of a filter file (DITAVAL) are in the form of the standard.',
  why: 'A rule that tools do not understand is ignored: content that should be left out is published, or the other way round.',
  remedy: 'Correct the rule. Actions are include, exclude, flag and passthrough.',
  ditaOt: ['DOTJ077F', 'DOTJ074W'],
  examples: {
    passing: { file: 'print.ditaval', content: rules('exclude') },
    failing: {
      file: 'print.ditaval',
      content: rules('hide'),
      at: [2, 3],
      says: 'action="hide" of <prop> is none of include, exclude, flag and passthrough.',
    },
  },
  words: {
    'ditaval-unknown-element': ({ subject }) => `The element ${tag(subject)} is not known in DITAVAL.`,
    'ditaval-action-missing': ({ subject }) => `The rule ${tag(subject)} has no action.`,
    'ditaval-action-invalid': ({ subject, detail }) =>
      `${attribute('action', subject)} of ${tag(detail)} is none of include, exclude, flag and passthrough.`,
    'ditaval-value-invalid': ({ subject, detail }) => `${attribute(detail, subject)} is not allowed here.`,
    'ditaval-val-without-att': ({ subject }) => `The rule has ${attribute('val', subject)} but no att that says of which attribute.`,
  },
})
