import { pngImage } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'IMAGE_CORRUPT',
  wants: 'An image file is complete and can be shown.',
  why: 'A damaged image shows as an empty frame, or stops the making of a PDF.',
  remedy: 'Upload the image again from a good copy: this one was probably cut off on its way.',
  examples: {
    passing: { file: 'pump.png', content: () => pngImage(4, 4), shown: '(a PNG image)' },
    failing: {
      file: 'pump.png',
      content: () => pngImage(4, 4).subarray(0, 20),
      shown: '(the first 20 bytes of a PNG image)',
      at: null,
      says: 'The picture is damaged or cut off: corrupt header.',
    },
  },
})
