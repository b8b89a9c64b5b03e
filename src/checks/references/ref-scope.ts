import type { ReferenceCheck } from '../check.ts'
import { topicWith } from '../example-documents.ts'
import { quoted } from '../quoted.ts'
import { written } from '../reference-words.ts'

function source(scope: string): string {
  return topicWith(`<p>See <xref href="https://example.com/oil" scope="${scope}" format="html"/>.</p>`)
}

export const check: ReferenceCheck = {
  code: 'REF_SCOPE',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'scope is local, peer or external, and an address of the web is not local.',
  why: 'Tools look for a local target among your files and stop when they find none; with an unknown scope each tool guesses.',
  remedy: 'Write scope="external" for addresses of the web, scope="peer" for parts of other publications, and nothing for your own files.',
  examples: {
    passing: { file: 'pump.dita', content: source('external') },
    failing: {
      file: 'pump.dita',
      content: source('local'),
      at: [4, 18],
      says: 'The scope “local” of <xref href="https://example.com/oil"> contradicts its value, which leads out of the repository.',
    },
  },
  describe: (reference) =>
    `The scope ${quoted(reference.scope)} of ${written(reference)} contradicts its value, which leads out of the repository.`,
  find(reading, report) {
    for (const reference of reading.references) {
      if (reference.oddScope === null) continue
      report({
        message: `The scope ${quoted(reference.oddScope)} of ${written(reference)} is none of local, peer and external.`,
        place: reference,
      })
    }
  },
}
