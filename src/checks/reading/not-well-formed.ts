import { topicWith } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'NOT_WELL_FORMED',
  wants:
    'The file is well-formed XML: tags are closed in the right order, attribute values are quoted, "<" and "&" are written as entities.',
  why: 'From the first such mistake on nobody can tell what is meant: no tool can publish the file, and references into it cannot be checked.',
  remedy:
    'Open the file at the line and column given and repair the markup there. The mistake itself often stands a little before this place.',
  ditaOt: ['DOTJ012F', 'DOTJ013E'],
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p>Press <b>Start</b>.</p>') },
    failing: { file: 'pump.dita', content: topicWith('<p>Press <b>Start</p></b>'), at: [4, 22], says: '“</b>” is expected here.' },
  },
})
