import type { DocumentCheck } from '../check.ts'
import { reportObserved, type Words } from '../observed.ts'
import { quoted, tag } from '../quoted.ts'

function svg(content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">\n  ${content}\n</svg>\n`
}

const words: Words = {
  'active-script': ({ subject }) => `The image holds a script (${tag(subject)}).`,
  'active-handler': ({ subject, detail }) => `The image runs a script: ${tag(detail)} has the attribute ${quoted(subject)}.`,
  'active-uri': ({ subject, detail }) => `The image runs a script: ${tag(detail)} refers to ${quoted(subject)}.`,
  'remote-content': ({ subject, detail }) =>
    `The image loads a part of itself from another host: ${tag(detail)} refers to ${quoted(subject)}.`,
}

export const check: DocumentCheck = {
  code: 'SVG_ACTIVE_CONTENT',
  looksAt: 'document',
  severity: 'warning',
  wants: 'An SVG image holds shapes and text only: no script, and nothing that is loaded from another host.',
  why: 'A script in an image can act in the name of the reader who looks at it. Remote parts are missing in a PDF and tell others who reads.',
  remedy: 'Remove the script, or embed the remote part in the image. If the image did not come from you, do not publish it.',
  examples: {
    passing: { file: 'pump.svg', content: svg('<circle r="4"/>') },
    failing: { file: 'pump.svg', content: svg('<script>alert(1)</script>'), at: [2, 3], says: 'The image holds a script (<script>).' },
  },
  find(reading, report, observed) {
    if (reading.syntax === 'svg') reportObserved(observed, words, report)
  },
}
