import { expect, test } from 'vitest'
import { minLargeDocumentBytes, spentByLargeHeapMiB } from '../../src/model/large-limits.ts'
import { spentThreadHeapMiB, spentThreadTextBytes } from '../../src/model/thread-limits.ts'
import { isSpentAfter } from '../../src/threads/is-spent.ts'
import { packReadings } from '../../src/threads/pack-readings.ts'
import { packTexts } from '../../src/threads/pack-texts.ts'

const miB = 1024 * 1024
const reading = (path: string, size: number) =>
  ({ kind: 'read', memory: new SharedArrayBuffer(0), contents: [{ path, size, offset: 0, length: size }] }) as const
const resolving = (length: number) =>
  ({ kind: 'resolve', orders: [{ id: 1, path: '/content/dam/a.dita', references: ' '.repeat(length), targets: '' }], targets: [] }) as const
const document = reading('/content/dam/a.md', minLargeDocumentBytes)
const nothing = packReadings([])

test('a thread is spent after a large document, or its references, from 96 MiB on, after anything else from 256', () => {
  expect([spentByLargeHeapMiB, spentThreadHeapMiB]).toEqual([96, 256])
  const large = [document, resolving(minLargeDocumentBytes)]
  const others = [
    reading('/content/dam/a.md', minLargeDocumentBytes - 1),
    reading('/content/dam/a.png', minLargeDocumentBytes),
    resolving(minLargeDocumentBytes - 1),
  ]
  expect(large.map((task) => isSpentAfter(task, nothing, 96 * miB + 1))).toEqual([true, true])
  expect(large.map((task) => isSpentAfter(task, nothing, 96 * miB))).toEqual([false, false])
  expect(others.map((task) => isSpentAfter(task, nothing, 256 * miB))).toEqual([false, false, false])
  expect(others.map((task) => isSpentAfter(task, nothing, 256 * miB + 1))).toEqual([true, true, true])
})

test('so is one that has made a text of more than a megabyte', () => {
  const texts = [spentThreadTextBytes, spentThreadTextBytes + 1].map((length) => packTexts(['', 'x'.repeat(length)]))
  expect(texts.map((packed) => isSpentAfter(document, { ...nothing, texts: packed }, 0))).toEqual([false, true])
})
