import { observationCheck } from '../observed.ts'
import { quoted } from '../quoted.ts'

export const check = observationCheck({
  code: 'PARAMETER_ENTITY',
  severity: 'warning',
  wants: 'The DOCTYPE of a document declares no parameter entity.',
  why: 'Parameter entities are never expanded here: what they would declare stays unknown. Documents do not need them; attacks use them.',
  remedy: 'Delete the declaration, and declare directly what the document needs.',
  examples: {
    passing: {
      file: 'pump.dita',
      content: '<!DOCTYPE topic [<!ENTITY product "Pump 3000">]>\n<topic id="pump">\n  <title>&product;</title>\n</topic>\n',
    },
    failing: {
      file: 'pump.dita',
      content: '<!DOCTYPE topic [\n  <!ENTITY % names "">\n]>\n<topic id="pump">\n  <title>The pump</title>\n</topic>\n',
      at: [2, 3],
      says: 'The DOCTYPE declares the parameter entity “names”, which is not expanded.',
    },
  },
  words: {
    'parameter-entity-declared': ({ subject }) => `The DOCTYPE declares the parameter entity ${quoted(subject)}, which is not expanded.`,
  },
})
