import { expect, test } from 'vitest'
import { minLargeDocumentBytes } from '../../src/model/large-limits.ts'
import { divide } from '../../src/threads/share-contents.ts'

const content = (path: string, length: number) => ({ path, size: length, bytes: new Uint8Array(length) })

test('a large document is a part of its own, a large picture and small documents are not', () => {
  const small = content('/content/dam/small.dita', 10)
  const large = content('/content/dam/large.md', minLargeDocumentBytes)
  const picture = content('/content/dam/picture.png', minLargeDocumentBytes)
  expect(divide([small, picture, small, large, large, small, small], 2)).toEqual([
    [small, picture, small],
    [large],
    [large],
    [small, small],
  ])
})
