import { intern } from '../../model/intern.ts'
import type { DocumentCheck } from '../check.ts'
import { attribute } from '../quoted.ts'

function topic(language: string): string {
  return `<topic id="pump" xml:lang="${language}">\n  <title>The pump</title>\n</topic>\n`
}

export const check: DocumentCheck = {
  code: 'INVALID_LANG',
  looksAt: 'document',
  severity: 'warning',
  wants: 'xml:lang is a language tag (BCP 47), such as en, de-CH or zh-Hans.',
  why: 'Generated text ("Table 1", "Related links"), hyphenation and sorting follow it. With a tag that is none they fall back to English.',
  remedy: 'Write the two or three letters of the language, "-" and the region: en-US, not en_US or english.',
  ditaOt: ['DOTJ056E'],
  examples: {
    passing: { file: 'pump.dita', content: topic('en-US') },
    failing: { file: 'pump.dita', content: topic('en_US'), at: [1, 18], says: 'xml:lang="en_US" is no language tag.' },
  },
  find(_reading, report, observed) {
    for (const { subject, place } of observed.get('language') ?? []) {
      if (!isLanguageTag(subject)) report({ message: `${attribute('xml:lang', subject)} is no language tag.`, place })
    }
  },
}

/** What was found of tags before, for a set uses few: asking about each again took a tenth of the time of reading and checking a topic. */
const judged = new Map<string, boolean>()
const maxJudged = 100
/** What RFC 5646 (section 4.4.1) has room for. */
const maxTagCharacters = 35

function isLanguageTag(value: string): boolean {
  let isTag = judged.get(value)
  if (isTag === undefined) {
    isTag = followsGrammar(value)
    if (judged.size === maxJudged) judged.clear()
    if (value.length <= maxTagCharacters) judged.set(intern(value), isTag)
  }
  return isTag
}

/**
 * Whether the value is a well-formed tag whose language has two or three letters: the grammar allows up to eight, which no language
 * has and which would let "english" pass. The empty value is allowed (XML 1.0, 2.12).
 */
function followsGrammar(value: string): boolean {
  if (value === '' || /^x-/i.test(value)) return true
  if (!/^(?:[a-z]{2,3}|i)(?:-|$)/i.test(value)) return false
  try {
    Intl.getCanonicalLocales(value)
    return true
  } catch (error) {
    if (error instanceof RangeError) return /^i-[a-z]+$/i.test(value)
    throw error
  }
}
