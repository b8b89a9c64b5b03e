import type { DocumentReading, Place } from '../../dita/reading.ts'
import type { DocumentCheck } from '../check.ts'
import { mapWith } from '../example-documents.ts'
import { quoted } from '../quoted.ts'

export const check: DocumentCheck = {
  code: 'KEY_DUPLICATE',
  looksAt: 'document',
  severity: 'info',
  wants: 'A map defines a key once in a key scope.',
  why: 'That is legal, and the first definition counts. But a writer who changes the second one wonders why nothing happens.',
  remedy: 'Nothing, if the definitions are for different conditions. Otherwise remove the one that is not meant.',
  ditaOt: ['DOTJ045I'],
  examples: {
    passing: { file: 'pump.ditamap', content: mapWith('<keydef keys="oil"/>\n<keydef keys="water"/>') },
    failing: {
      file: 'pump.ditamap',
      content: mapWith('<keydef keys="oil"/>\n<keydef keys="oil"/>'),
      at: [4, 11],
      says: 'The key “oil” is defined before, in line 3: that definition counts, not this one.',
    },
  },
  find(reading, report) {
    const ambiguous = repeatedScopeNames(reading)
    const firstsByScope = new Map<string, Map<string, Place>>()
    for (const { keys, scopes, place } of reading.keys) {
      const scope = scopes.map((names) => names.join(' '))
      if (scope.some((names) => ambiguous.has(names))) continue
      const name = scope.join('\n')
      const firsts = firstsByScope.get(name) ?? new Map<string, Place>()
      firstsByScope.set(name, firsts)
      for (const key of keys.length === 1 ? keys : new Set(keys)) {
        const first = firsts.get(key)
        if (first === undefined) firsts.set(key, place)
        else
          report({
            message: `The key ${quoted(key)} is defined before, in line ${first.line}: that definition counts, not this one.`,
            place,
          })
      }
    }
  },
}

/** Two elements with the same `keyscope` are two scopes (DITA 1.3, 2.4.4.3), which the names alone do not tell apart: such scopes are left out. */
function repeatedScopeNames(reading: DocumentReading): ReadonlySet<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { names } of reading.keyScopes) {
    const name = names.join(' ')
    if (seen.has(name)) repeated.add(name)
    seen.add(name)
  }
  return repeated
}
