import { targetTopic } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

const entityTopic = `<!DOCTYPE topic [<!ENTITY note SYSTEM "note.xml">]>
<topic id="pump">
  <title>The pump</title>
  <body>&note;</body>
</topic>
`

export const check = failureCheck({
  code: 'EXTERNAL_ENTITY',
  wants: 'The file does not pull in other files through entities.',
  why: 'External entities are never loaded, because they can be made to read files of the server or to call other hosts. Without them a part of the document is missing.',
  remedy: 'Replace the entity by a content reference (conref or conkeyref) to a topic that holds the text.',
  examples: {
    passing: {
      file: 'pump.dita',
      content: targetTopic.replace('<p id="oil">Check the oil.</p>', '<p conref="note.dita#pump/oil"/>'),
      beside: { 'note.dita': targetTopic },
    },
    failing: { file: 'pump.dita', content: entityTopic, at: [4, 9], says: 'The entity “note” is external: its content is not read.' },
  },
})
