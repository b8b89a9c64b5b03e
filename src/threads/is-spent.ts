import { getHeapStatistics } from 'node:v8'
import { minLargeDocumentBytes, spentByLargeHeapMiB, spentThreadHeapMiB, spentThreadTextBytes } from '../model/limits.ts'
import type { ResultOf, ThreadTask } from './messages.ts'

/** Whether this thread should be replaced after a task with that result, for what its heap takes or presumably does. */
export function isSpentAfter(task: ThreadTask, result: ResultOf<ThreadTask>): boolean {
  const wasLarge = task.kind === 'read' && task.contents.some(({ length }) => length >= minLargeDocumentBytes)
  if (getHeapStatistics().total_heap_size > (wasLarge ? spentByLargeHeapMiB : spentThreadHeapMiB) * 1024 * 1024) return true
  if (!('texts' in result)) return false
  return result.texts.ends.some((end, index, ends) => end - (ends[index - 1] ?? 0) > spentThreadTextBytes)
}
