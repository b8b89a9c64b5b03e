import { maxEntityExpansionBytes, maxEntityExpansionFactor } from '../../model/document-limits.ts'
import { failureCheck } from '../failure-check.ts'

const bomb = `<!DOCTYPE topic [
  <!ENTITY a "haha">
  <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
  <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
  <!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
  <!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">
  <!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;">
]>
<topic id="pump">
  <title>&g;</title>
</topic>
`

export const check = failureCheck({
  code: 'ENTITY_EXPANSION_LIMIT',
  wants: `The entities of a file stand for at most ${maxEntityExpansionBytes / 1024} KiB of text and for at most ${maxEntityExpansionFactor} times its own size.`,
  why: 'A few lines of entities can stand for gigabytes of text. That is an attack on the program that reads them, known as "billion laughs".',
  remedy:
    'Write the text out, or use keys and content references in the place of entities. If you did not write these entities, find out who did.',
  examples: {
    passing: {
      file: 'pump.dita',
      content: '<!DOCTYPE topic [<!ENTITY product "Pump 3000">]>\n<topic id="pump">\n  <title>&product;</title>\n</topic>\n',
    },
    failing: {
      file: 'pump.dita',
      content: bomb,
      at: [11, 10],
      says: `The entities of the document expand to more than ${bomb.length * maxEntityExpansionFactor} bytes.`,
    },
  },
})
