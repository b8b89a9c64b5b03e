import { isLargeDocument } from '../model/large-document.ts'
import { minLargeDocumentBytes, spentByLargeHeapMiB } from '../model/large-limits.ts'
import { spentThreadHeapMiB, spentThreadTextBytes } from '../model/thread-limits.ts'
import { miB } from '../model/units.ts'
import type { ResultOf, ThreadTask } from './messages.ts'

/** Whether a thread should be replaced after a task with that result, because its heap is large, or is presumably so. */
export function isSpentAfter(task: ThreadTask, result: ResultOf<ThreadTask>, heapBytes: number): boolean {
  if (heapBytes > (wasLarge(task) ? spentByLargeHeapMiB : spentThreadHeapMiB) * miB) return true
  if (!('texts' in result)) return false
  return result.texts.ends.some((end, index, ends) => end - (ends[index - 1] ?? 0) > spentThreadTextBytes)
}

/** Resolving the references of a large document is as rare as reading it, and takes as much. */
function wasLarge(task: ThreadTask): boolean {
  if (task.kind === 'resolve') return task.orders.some(({ references }) => references.length >= minLargeDocumentBytes)
  return task.kind === 'read' && task.contents.some(isLargeDocument)
}
