import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { written } from '../reference-words.ts'

export const check: ReferenceCheck = {
  code: 'REF_ABSOLUTE_PATH',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'References between files of the repository are relative, such as ../images/pump.png.',
  why: 'A path that starts at the root, at a drive or with file: means another place on each machine.',
  remedy: 'Write the path from the folder of this file to the target.',
  ditaOt: ['DOTJ036W'],
  examples: {
    passing: {
      file: 'pump.dita',
      content: topicWith('<p>See <xref href="care/oil.dita"/>.</p>'),
      beside: { 'care/oil.dita': targetTopic },
    },
    failing: {
      file: 'pump.dita',
      content: topicWith('<p>See <xref href="file:///C:/manual/care/oil.dita"/>.</p>'),
      at: [4, 18],
      says: '<xref href="file:///C:/manual/care/oil.dita"> is an absolute path: it means another file, or none, on each machine.',
    },
  },
  describe: (reference) => `${written(reference)} is an absolute path: it means another file, or none, on each machine.`,
}
