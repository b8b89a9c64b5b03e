import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { quoted } from '../quoted.ts'
import { fragmentOf, written } from '../reference-words.ts'

function source(fragment: string): string {
  return topicWith(`<p>See <xref href="oil.dita#${fragment}"/>.</p>`)
}

export const check: ReferenceCheck = {
  code: 'REF_FRAGMENT_SYNTAX',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'Behind "#" stands a topic id, or a topic id, "/" and an element id. Inside one topic "." may stand for the topic id.',
  why: 'An element id is unique in its topic only, so without the topic id nobody can tell which element is meant.',
  remedy: 'Write the id of the topic and "/" before the id of the element: file.dita#topic/element. In a map, refer to topics only.',
  ditaOt: ['DOTX061W'],
  examples: {
    passing: { file: 'pump.dita', content: source('pump/oil'), beside: { 'oil.dita': targetTopic } },
    failing: {
      file: 'pump.dita',
      content: source('oil'),
      beside: { 'oil.dita': targetTopic },
      at: [4, 18],
      says: '“#oil” in <xref href="oil.dita#oil"> cannot be followed: the id is that of an element: the id of its topic must stand before it.',
    },
  },
  describe: (reference, { detail }) =>
    `${quoted(`#${fragmentOf(reference)}`)} in ${written(reference)} cannot be followed: ${detail ?? reasonOf(fragmentOf(reference))}.`,
}

function reasonOf(fragment: string): string {
  if (fragment.startsWith('./') || fragment === '.') return '"." stands for a topic only in a reference from that topic to its own file'
  if (/^[^/]+\/[^/]+$/.test(fragment)) return 'it names an element, but this reference leads to topics only'
  return 'it is neither a topic id nor a topic id, "/" and an element id'
}
