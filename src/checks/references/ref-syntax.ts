import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { quoted } from '../quoted.ts'
import { written } from '../reference-words.ts'

export const check: ReferenceCheck = {
  code: 'REF_SYNTAX',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'The value of a reference is a URI: "/" between folders, no blanks, special characters written as %20 and the like.',
  why: 'Some tools repair such a value and others do not: the link works for you and breaks for your readers.',
  remedy: 'Write "/" and not "\\", %20 for a blank, %23 for "#" and %25 for "%" in names. Remove blanks and line breaks around the value.',
  ditaOt: ['DOTJ054E'],
  examples: {
    passing: {
      file: 'pump.dita',
      content: topicWith('<p>See <xref href="care/oil.dita"/>.</p>'),
      beside: { 'care/oil.dita': targetTopic },
    },
    failing: {
      file: 'pump.dita',
      content: topicWith('<p>See <xref href="care\\oil.dita"/>.</p>'),
      beside: { 'care/oil.dita': targetTopic },
      at: [4, 18],
      says: 'The value of <xref href="care\\oil.dita"> is no valid URI: it has a backslash.',
    },
  },
  describe: (reference) => `The value of ${written(reference)} is no valid URI: ${reasonOf(reference.value)}.`,
}

/** What RFC 3986 does not allow in the value, as the first thing that a writer would look for. */
function reasonOf(value: string): string {
  if (value.includes('\\')) return 'it has a backslash'
  if (value.startsWith('//')) return 'it begins with "//", which names another host'
  if (value !== value.trim()) return 'it begins or ends with a blank'
  if (/\s/.test(value)) return 'it has a blank'
  if (value.indexOf('#') !== value.lastIndexOf('#')) return 'it has more than one "#"'
  const character = /[<>"{}|^`[\]]/.exec(value)
  if (character !== null) return `it has the character ${quoted(character[0])}`
  return 'a "%" in it does not begin the code of a character in UTF-8'
}
