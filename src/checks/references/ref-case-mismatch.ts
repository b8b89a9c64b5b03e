import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { quoted } from '../quoted.ts'
import { written } from '../reference-words.ts'

function source(name: string): string {
  return topicWith(`<p>See <xref href="${name}"/>.</p>`)
}

export const check: ReferenceCheck = {
  code: 'REF_CASE_MISMATCH',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'A reference spells the name of its target with the same small and capital letters as the file has.',
  why: 'The link works on Windows and macOS and breaks on a Linux server.',
  remedy: 'Correct the letters in the reference, or rename the file.',
  ditaOt: ['DOTJ083E'],
  examples: {
    passing: { file: 'pump.dita', content: source('Oil.dita'), beside: { 'Oil.dita': targetTopic } },
    failing: {
      file: 'pump.dita',
      content: source('oil.DITA'),
      beside: { 'Oil.dita': targetTopic },
      at: [4, 18],
      says: '<xref href="oil.DITA"> differs from the existing “/content/dam/manual/Oil.dita” in small and capital letters.',
    },
  },
  describe: (reference, { nearTarget }) =>
    nearTarget === null
      ? `The target of ${written(reference)} exists in other small and capital letters only.`
      : `${written(reference)} differs from the existing ${quoted(nearTarget)} in small and capital letters.`,
}
