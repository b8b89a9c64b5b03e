import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { quoted } from '../quoted.ts'
import { written } from '../reference-words.ts'

function source(name: string): string {
  return topicWith(`<p>See <xref href="${name}"/>.</p>`)
}

export const check: ReferenceCheck = {
  code: 'REF_NORMALIZATION',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'A reference spells accented letters as the name of its target does: as one character, or as a letter and an accent.',
  why: 'Both look the same, but they are different names on most servers. Files that were packed on macOS often have the second form.',
  remedy: 'Rename the file to the composed form (NFC), and use that in all references.',
  examples: {
    passing: { file: 'pump.dita', content: source('caf\u00e9.dita'), beside: { 'caf\u00e9.dita': targetTopic } },
    failing: {
      file: 'pump.dita',
      content: source('cafe\u0301.dita'),
      beside: { 'caf\u00e9.dita': targetTopic },
      at: [4, 18],
      says: '<xref href="cafe\u0301.dita"> differs from the existing “/content/dam/manual/caf\u00e9.dita” in the Unicode form of its accented letters.',
    },
  },
  describe: (reference, { nearTarget }) =>
    `${written(reference)} differs from the existing ${nearTarget === null ? 'file' : quoted(nearTarget)} in the Unicode form of its accented letters.`,
}
