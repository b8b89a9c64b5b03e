import { observationCheck } from '../observed.ts'
import { quoted } from '../quoted.ts'

function topic(declaration: string): string {
  return `<topic id="pump"${declaration}>\n  <title>The pump</title>\n  <body>\n    <foreign><m:math/></foreign>\n  </body>\n</topic>\n`
}

export const check = observationCheck({
  code: 'UNBOUND_PREFIX',
  severity: 'warning',
  wants: 'Each namespace prefix is declared in the file by an xmlns attribute.',
  why: 'Tools that know namespaces refuse the whole file, unless they load a grammar that declares the prefix.',
  remedy: 'Declare the prefix at the element that uses it, for example xmlns:m="http://www.w3.org/1998/Math/MathML", or remove it.',
  ditaOt: ['DOTJ013E'],
  examples: {
    passing: { file: 'pump.dita', content: topic(' xmlns:m="http://www.w3.org/1998/Math/MathML"') },
    failing: {
      file: 'pump.dita',
      content: topic(''),
      at: [4, 14],
      says: 'The namespace prefix “m” is used but not declared in this file.',
    },
  },
  words: { 'unbound-prefix': ({ subject }) => `The namespace prefix ${quoted(subject)} is used but not declared in this file.` },
})
