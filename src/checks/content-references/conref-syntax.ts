import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { reportObserved, type Words } from '../observed.ts'
import { attribute, quoted, tag } from '../quoted.ts'
import { fragmentOf, written } from '../reference-words.ts'

const words: Words = {
  'conaction-unknown': ({ subject, detail }) =>
    `${attribute('conaction', subject)} of ${tag(detail)} is none of pushreplace, pushbefore, pushafter and mark.`,
  'conaction-without-conref': ({ subject, detail }) =>
    `${tag(detail)} with ${attribute('conaction', subject)} needs a conref or conkeyref that says where.`,
  'conaction-with-conrefend': ({ subject, detail }) =>
    `${tag(detail)} has ${attribute('conaction', subject)} and conrefend: content cannot be pushed to a range.`,
  'conaction-mark-alone': ({ subject }) => `${tag(subject)} marks a place, but no element beside it pushes content there.`,
  'conaction-push-without-mark': ({ subject, detail }) =>
    `${tag(detail)} with ${attribute('conaction', subject)} has no element with conaction="mark" beside it.`,
  'conrefend-without-conref': ({ subject, detail }) =>
    `${tag(detail)} has ${attribute('conrefend', subject)} but no conref or conkeyref where the range starts.`,
}

export const check: ReferenceCheck = {
  code: 'CONREF_SYNTAX',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'A content reference names the element: file.dita#topic/element. A push names what to change and where.',
  why: 'Without the element nobody can tell which content is meant, and the place stays empty.',
  remedy:
    'Add "#", the id of the topic, "/" and the id of the element. For a push, set conref on the element with conaction="mark" or "pushreplace".',
  ditaOt: ['DOTX014E', 'DOTX015E', 'DOTJ039E', 'DOTJ040E', 'DOTJ041E', 'DOTJ042E', 'DOTJ068E'],
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p conref="oil.dita#pump/oil"/>'), beside: { 'oil.dita': targetTopic } },
    failing: {
      file: 'pump.dita',
      content: topicWith('<p conref="oil.dita"/>'),
      beside: { 'oil.dita': targetTopic },
      at: [4, 8],
      says: '<p conref="oil.dita"> does not say which element is meant: it names only the file.',
    },
  },
  describe: (reference, { detail }) =>
    `${written(reference)} does not say which element is meant: ${detail ?? formOf(fragmentOf(reference))}.`,
  find: (_reading, report, observed) => reportObserved(observed, words, report),
}

function formOf(fragment: string): string {
  return fragment === '' ? 'it names only the file' : `${quoted(`#${fragment}`)} is not in the form #topic/element`
}
