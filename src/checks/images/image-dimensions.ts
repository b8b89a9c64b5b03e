import { maxDecodedPixels } from '../../model/document-limits.ts'
import type { DocumentCheck } from '../check.ts'
import { pngImage } from '../example-documents.ts'

const side = Math.ceil(Math.sqrt(maxDecodedPixels)) + 1

export const check: DocumentCheck = {
  code: 'IMAGE_DIMENSIONS',
  looksAt: 'document',
  severity: 'info',
  wants: `An image has at most ${maxDecodedPixels / 1e6} million pixels.`,
  why: 'Larger ones make pages slow and PDFs huge. Only the header of the image is looked at, so that damage further on is not found.',
  remedy: 'Scale the image down to the size at which it is shown.',
  examples: {
    passing: { file: 'pump.png', content: () => pngImage(640, 480), shown: '(a PNG image of 640 x 480 pixels)' },
    failing: {
      file: 'pump.png',
      content: () => pngImage(side, side),
      shown: `(a PNG image of ${side} x ${side} pixels)`,
      at: null,
      says: `The image has ${side} x ${side} pixels: it is not checked beyond its header.`,
    },
  },
  find({ dimensions, syntax }, report) {
    if (syntax !== 'image' || dimensions === null || dimensions.width * dimensions.height <= maxDecodedPixels) return
    report({
      message: `The image has ${dimensions.width} x ${dimensions.height} pixels: it is not checked beyond its header.`,
      place: null,
    })
  },
}
