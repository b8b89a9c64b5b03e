import { mapWith } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'
import { attribute, quoted } from '../quoted.ts'

const rule = 'it must not be empty and must not contain blanks or any of { } [ ] / # ?'

export const check = observationCheck({
  code: 'KEY_SYNTAX',
  severity: 'warning',
  wants:
    'Names of keys and key scopes contain no blanks and none of { } [ ] / # ?, and a key reference is a key, or a key, "/" and an element id.',
  why: 'Nothing can refer to a key with another name, and a reference in another form reaches nothing.',
  remedy: 'Rename the key or key scope, and correct the references to it.',
  ditaOt: ['DOTJ055E', 'DOTJ059E'],
  examples: {
    passing: { file: 'pump.ditamap', content: mapWith('<keydef keys="oil-type"/>') },
    failing: {
      file: 'pump.ditamap',
      content: mapWith('<keydef keys="oil/type"/>'),
      at: [3, 11],
      says: 'The key name “oil/type” is not allowed: it must not be empty and must not contain blanks or any of { } [ ] / # ?.',
    },
  },
  words: {
    'key-name-invalid': ({ subject }) => `The key name ${quoted(subject)} is not allowed: ${rule}.`,
    'keyscope-name-invalid': ({ subject }) => `The key scope name ${quoted(subject)} is not allowed: ${rule}.`,
    'keyref-invalid': ({ subject, detail }) => `${attribute(detail, subject)} is neither a key nor a key, "/" and an element id.`,
  },
})
