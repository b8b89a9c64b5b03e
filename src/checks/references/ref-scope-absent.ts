import { topicWith } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'
import { tagWith } from '../quoted.ts'

function source(scope: string): string {
  return topicWith(`<p>See <xref href="https://example.com/oil"${scope} format="html"/>.</p>`)
}

export const check = observationCheck({
  code: 'REF_SCOPE_ABSENT',
  severity: 'info',
  wants: 'References to addresses of the web have scope="external".',
  why: 'The standard takes such an address for external, but not all tools do: some try to load it as one of your files.',
  remedy: 'Add scope="external", and format="html" for web pages.',
  ditaOt: ['DOTJ075W', 'DOTJ072E', 'DOTJ073E'],
  examples: {
    passing: { file: 'pump.dita', content: source(' scope="external"') },
    failing: { file: 'pump.dita', content: source(''), at: [4, 18], says: '<xref href="https://example.com/oil"> has no scope.' },
  },
  words: { 'absolute-without-scope': ({ subject, detail }) => `${tagWith(detail, 'href', subject)} has no scope.` },
})
