import type { ReferenceCheck } from '../check.ts'
import { topicWith } from '../example-documents.ts'
import { quoted } from '../quoted.ts'
import { written } from '../reference-words.ts'

export const check: ReferenceCheck = {
  code: 'REF_SCHEME',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'Addresses begin with a scheme that readers can follow, such as https: or mailto:.',
  why: 'A misspelt scheme is a dead link. One that runs a script, such as javascript:, is a danger to readers and is never made a link.',
  remedy: 'Correct the part before ":", or remove the link.',
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p>See <xref href="https://example.com/oil" scope="external" format="html"/>.</p>') },
    failing: {
      file: 'pump.dita',
      content: topicWith('<p>See <xref href="htps://example.com/oil" format="html"/>.</p>'),
      at: [4, 18],
      says: 'The scheme “htps” of <xref href="htps://example.com/oil"> is unknown or unsafe.',
    },
  },
  describe: (reference) =>
    `The scheme ${quoted(reference.value.slice(0, reference.value.indexOf(':')))} of ${written(reference)} is unknown or unsafe.`,
}
