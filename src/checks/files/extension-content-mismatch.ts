import { extensionOf } from '../../model/asset-type.ts'
import type { DocumentCheck } from '../check.ts'
import { pngImage } from '../example-documents.ts'

/** Extensions whose files begin in a way of their own, and the media type that reading their content gives. */
const mediaTypes = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['svg', 'image/svg+xml'],
  ['pdf', 'application/pdf'],
])
const recognised = new Set(mediaTypes.values())

export const check: DocumentCheck = {
  code: 'EXTENSION_CONTENT_MISMATCH',
  looksAt: 'document',
  severity: 'warning',
  wants: 'The extension of an image or PDF says what the file is.',
  why: 'Browsers and PDF formatters choose by the extension how to show the file, and may show nothing.',
  remedy: 'Save the file in the format that its extension names, or correct the extension and the references to it.',
  examples: {
    passing: { file: 'pump.png', content: () => pngImage(4, 4), shown: '(a PNG image)' },
    failing: {
      file: 'pump.jpg',
      content: () => pngImage(4, 4),
      shown: '(a PNG image)',
      at: null,
      says: 'The file is named .jpg, but its content is image/png.',
    },
  },
  find(reading, report) {
    const extension = extensionOf(reading.path)
    const promised = mediaTypes.get(extension)
    if (promised === undefined || promised === reading.mediaType || !recognised.has(reading.mediaType)) return
    report({ message: `The file is named .${extension}, but its content is ${reading.mediaType}.`, place: null })
  },
}
