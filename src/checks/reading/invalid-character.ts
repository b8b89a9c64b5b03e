import { topicWith } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'INVALID_CHARACTER',
  wants: 'The file holds only characters that XML allows: no control characters but tab and line ends, also not as "&#…;".',
  why: 'XML forbids these characters, so every conforming tool refuses the file. They mostly come from text pasted out of other programs.',
  remedy: 'Delete the character at the line and column given.',
  ditaOt: ['DOTJ012F', 'DOTJ013E'],
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p>5 &#181;m</p>') },
    failing: { file: 'pump.dita', content: topicWith('<p>5 &#0;m</p>'), at: [4, 10], says: 'The character U+0000 is not allowed in XML.' },
  },
})
