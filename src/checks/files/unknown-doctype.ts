import { observationCheck } from '../observed.ts'
import { quoted } from '../quoted.ts'

function topic(identifiers: string): string {
  return `<!DOCTYPE topic ${identifiers}>\n<topic id="pump">\n  <title>The pump</title>\n</topic>\n`
}

export const check = observationCheck({
  code: 'UNKNOWN_DOCTYPE',
  severity: 'info',
  wants: 'The DOCTYPE names a DITA grammar by its public identifier.',
  why: 'Others need the same grammar to open and publish the file. One of your own must be installed wherever the file goes.',
  remedy: 'Nothing, if your tools know this grammar. Otherwise use the identifier of the standard, such as -//OASIS//DTD DITA Topic//EN.',
  ditaOt: ['DOTJ078F', 'DOTJ079E'],
  examples: {
    passing: { file: 'pump.dita', content: topic('PUBLIC "-//OASIS//DTD DITA Topic//EN" "topic.dtd"') },
    failing: {
      file: 'pump.dita',
      content: topic('PUBLIC "-//EXAMPLE//DTD Pumps//EN" "pumps.dtd"'),
      at: [1, 1],
      says: 'The DOCTYPE names “-//EXAMPLE//DTD Pumps//EN”, which is none of the grammars of the DITA standard.',
    },
  },
  words: {
    'unknown-doctype': ({ subject }) => `The DOCTYPE names ${quoted(subject)}, which is none of the grammars of the DITA standard.`,
  },
})
