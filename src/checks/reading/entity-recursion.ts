import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'ENTITY_RECURSION',
  wants: 'No entity refers to itself, directly or through others.',
  why: 'The text of such an entity has no end, so every XML tool refuses the file.',
  remedy: 'Remove the reference to the entity from its own declaration in the DOCTYPE.',
  ditaOt: ['DOTJ012F', 'DOTJ013E'],
  examples: {
    passing: {
      file: 'pump.dita',
      content: '<!DOCTYPE topic [<!ENTITY a "x"><!ENTITY b "&a;">]>\n<topic id="pump">\n  <title>&b;</title>\n</topic>\n',
    },
    failing: {
      file: 'pump.dita',
      content: '<!DOCTYPE topic [<!ENTITY a "&b;"><!ENTITY b "&a;">]>\n<topic id="pump">\n  <title>&a;</title>\n</topic>\n',
      at: [3, 10],
      says: 'The entity “a” refers to itself.',
    },
  },
})
