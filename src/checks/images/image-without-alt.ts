import { pngImage, topicWith } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'
import { quoted } from '../quoted.ts'

const beside = { 'pump.png': () => pngImage(4, 4) }

export const check = observationCheck({
  code: 'IMAGE_WITHOUT_ALT',
  severity: 'info',
  wants: 'Every image has a text that stands for it.',
  why: 'People who cannot see the image have nothing else, and accessibility rules such as WCAG ask for it.',
  remedy: 'Describe the image in an <alt> element inside it. Leave the text empty only where the image is mere decoration.',
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<image href="pump.png"><alt>The pump from above</alt></image>'), beside },
    failing: {
      file: 'pump.dita',
      content: topicWith('<image href="pump.png"/>'),
      beside,
      at: [4, 5],
      says: 'The image “pump.png” has no alternative text.',
    },
  },
  words: {
    'image-without-alt': ({ subject }) => `The image ${quoted(subject)} has no alternative text.`,
    'empty-alt': ({ subject }) => `The alternative text of the image ${quoted(subject)} is empty.`,
  },
})
