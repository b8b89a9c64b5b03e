import { topicWith } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'
import { attribute } from '../quoted.ts'

export const check = observationCheck({
  code: 'PROFILE_OUTSIDE_PARENT',
  severity: 'info',
  wants: 'A profiled element inside another one shares at least one value of the same attribute with it.',
  why: 'Otherwise no choice of conditions that keeps only its own value shows the element: its parent is filtered out.',
  remedy: 'Move the element out of its parent, or correct the values of one of them.',
  examples: {
    passing: {
      file: 'pump.dita',
      content: topicWith('<section audience="user expert">\n  <p audience="expert">Check the oil.</p>\n</section>'),
    },
    failing: {
      file: 'pump.dita',
      content: topicWith('<section audience="user">\n  <p audience="expert">Check the oil.</p>\n</section>'),
      at: [5, 10],
      says: 'None of the values of audience="expert" is among those of the element around it.',
    },
  },
  words: {
    'profile-outside-parent': ({ subject, detail }) =>
      `None of the values of ${attribute(detail, subject)} is among those of the element around it.`,
  },
})
