import { pngImage, topicWith } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'
import { quoted } from '../quoted.ts'

const beside = { 'pump.png': () => pngImage(4, 4) }
const imageMap = (area: string) => topicWith(`<imagemap>\n  <image href="pump.png"><alt>The pump</alt></image>\n  ${area}\n</imagemap>`)

export const check = observationCheck({
  code: 'IMAGE_MAP_AREA',
  severity: 'warning',
  wants: 'Each area of an image map has a shape, coordinates and a link.',
  why: 'An area without them cannot be clicked, or leads nowhere.',
  remedy: 'Give the area a <shape> of rect, circle, poly or default, its <coords>, and an <xref> to what it shows.',
  ditaOt: ['DOTX044E', 'DOTX046W', 'DOTX047W'],
  examples: {
    passing: {
      file: 'pump.dita',
      content: imageMap('<area><shape>rect</shape><coords>0,0,2,2</coords><xref href="#pump">The valve</xref></area>'),
      beside,
    },
    failing: {
      file: 'pump.dita',
      content: imageMap('<area><shape>rect</shape><xref href="#pump">The valve</xref></area>'),
      beside,
      at: [6, 7],
      says: 'An area of the image map has no coordinates.',
    },
  },
  words: {
    'area-shape-invalid': ({ subject }) => `An area of the image map has the shape ${quoted(subject)}, which is none.`,
    'area-without-coords': () => 'An area of the image map has no coordinates.',
    'area-without-link': () => 'An area of the image map has no link.',
  },
})
