import type { ReferenceCheck } from '../check.ts'
import { topicWith } from '../example-documents.ts'
import { written } from '../reference-words.ts'

function source(user: string): string {
  return topicWith(`<p>See <xref href="https://${user}example.com/oil" scope="external" format="html"/>.</p>`)
}

export const check: ReferenceCheck = {
  code: 'REF_CREDENTIALS',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'Addresses hold no user name and no password.',
  why: 'Everybody who reads the publication, or its source, gets the password. Browsers ignore or refuse such links.',
  remedy: 'Remove everything between "//" and "@", and change the password: it has been shared.',
  examples: {
    passing: { file: 'pump.dita', content: source('') },
    failing: {
      file: 'pump.dita',
      content: source('ada:secret@'),
      at: [4, 18],
      says: '<xref href="https://***@example.com/oil"> holds a user name or password (not shown here).',
    },
  },
  describe: (reference) => `${written(reference)} holds a user name or password (not shown here).`,
}
