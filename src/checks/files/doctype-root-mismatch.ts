import type { DocumentCheck } from '../check.ts'
import { quoted, tag } from '../quoted.ts'

function concept(doctype: string): string {
  return `<!DOCTYPE ${doctype} PUBLIC "-//OASIS//DTD DITA Concept//EN" "concept.dtd">\n<concept id="pump">\n  <title>The pump</title>\n</concept>\n`
}

export const check: DocumentCheck = {
  code: 'DOCTYPE_ROOT_MISMATCH',
  looksAt: 'document',
  severity: 'warning',
  wants: 'The DOCTYPE names the root element of the file.',
  why: 'Editors and publishing tools that validate refuse a file whose root element is another than the DOCTYPE says.',
  remedy: 'Correct the name behind <!DOCTYPE, or choose the DOCTYPE of the topic type that you use.',
  ditaOt: ['DOTJ088E'],
  examples: {
    passing: { file: 'pump.dita', content: concept('concept') },
    failing: {
      file: 'pump.dita',
      content: concept('task'),
      at: [1, 1],
      says: 'The DOCTYPE names “task” as root element, but the root element is <concept>.',
    },
  },
  find({ doctype, rootElement }, report) {
    if (doctype === null || rootElement === null || doctype.name === rootElement) return
    report({
      message: `The DOCTYPE names ${quoted(doctype.name)} as root element, but the root element is ${tag(rootElement)}.`,
      place: doctype.place,
    })
  },
}
