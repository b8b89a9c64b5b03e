import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { reportObserved } from '../observed.ts'
import { tag } from '../quoted.ts'
import { written } from '../reference-words.ts'

export const check: ReferenceCheck = {
  code: 'REF_EMPTY',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'A reference has a value, and a link has a href or keyref.',
  why: 'Readers see a link that leads nowhere. Mostly the writer meant to fill it in later.',
  remedy: 'Fill in the target, or remove the link and keep its text.',
  ditaOt: ['DOTX017E', 'DOTX028E', 'DOTJ081W'],
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p>See <xref href="oil.dita"/>.</p>'), beside: { 'oil.dita': targetTopic } },
    failing: {
      file: 'pump.dita',
      content: topicWith('<p>See <xref href="">the oil</xref>.</p>'),
      at: [4, 18],
      says: '<xref href=""> is empty: it leads nowhere.',
    },
  },
  describe: (reference) => `${written(reference)} is empty: it leads nowhere.`,
  find: (_reading, report, observed) =>
    reportObserved(
      observed,
      { 'link-without-target': ({ subject }) => `${tag(subject)} has neither href nor keyref: it leads nowhere.` },
      report,
    ),
}
