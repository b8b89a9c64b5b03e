import { topicWith } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'
import { quoted } from '../quoted.ts'

export const check = observationCheck({
  code: 'DRAFT_COMMENT',
  severity: 'info',
  wants: 'A topic that is ready holds no draft comments.',
  why: 'Readers do not see them, but they mark what the writer meant to look at again.',
  remedy: 'Settle what the comment asks, then delete it.',
  ditaOt: ['DOTX040I'],
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p>Use oil 10W-40.</p>') },
    failing: {
      file: 'pump.dita',
      content: topicWith('<draft-comment author="ada">Which oil?</draft-comment>'),
      at: [4, 5],
      says: 'There is a draft comment left by “ada”.',
    },
  },
  words: { 'draft-comment': ({ subject }) => `There is a draft comment left${subject === '' ? '' : ` by ${quoted(subject)}`}.` },
})
