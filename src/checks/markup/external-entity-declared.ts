import { observationCheck } from '../observed.ts'
import { quoted } from '../quoted.ts'

export const check = observationCheck({
  code: 'EXTERNAL_ENTITY_DECLARED',
  severity: 'warning',
  wants: 'The DOCTYPE declares no external entity.',
  why: 'External entities are never loaded. This one is declared and not used, so nothing is missing yet, but the first use makes the file a failure.',
  remedy: 'Delete the declaration from the DOCTYPE.',
  examples: {
    passing: {
      file: 'pump.dita',
      content: '<!DOCTYPE topic [<!ENTITY product "Pump 3000">]>\n<topic id="pump">\n  <title>&product;</title>\n</topic>\n',
    },
    failing: {
      file: 'pump.dita',
      content: '<!DOCTYPE topic [\n  <!ENTITY note SYSTEM "note.xml">\n]>\n<topic id="pump">\n  <title>The pump</title>\n</topic>\n',
      at: [2, 3],
      says: 'The DOCTYPE declares the external entity “note”, which is not used and would never be loaded.',
    },
  },
  words: {
    'external-entity-declared': ({ subject }) =>
      `The DOCTYPE declares the external entity ${quoted(subject)}, which is not used and would never be loaded.`,
    'unparsed-entity-declared': ({ subject }) => `The DOCTYPE declares the unparsed entity ${quoted(subject)}, which DITA has no use for.`,
  },
})
