import { flushCompileCache } from 'node:module'
import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { maxPicturesPerThread } from '../model/thread-limits.ts'
import type { AssetReading, Resolution, ResolveOrder, TargetAsset } from '../processing/ports.ts'
import { Breadcrumb, nowhere } from './breadcrumb.ts'
import { isSpentAfter } from './is-spent.ts'
import type { ExcerptTask, FromThread, ResultOf, SharedContent, ThreadTask } from './messages.ts'
import { packReadings } from './pack-readings.ts'
import { packResolutions } from './pack-resolutions.ts'
import { bytesOf } from './share-contents.ts'
import { unresolved } from './unresolved.ts'

/** What a thread can do. */
export interface ThreadSkills {
  /** Never throws for what is in the content. */
  read(content: SharedContent, bytes: Uint8Array): AssetReading | Promise<AssetReading>
  /** Whether the content is decoded by other threads of the process, so that the next one can be read meanwhile. */
  isPicture(bytes: Uint8Array): boolean
  /** Prepares the targets once for all orders that are resolved against them. */
  resolver(targets: readonly TargetAsset[]): (order: ResolveOrder) => Resolution
  excerpts(task: ExcerptTask): (string | null)[]
}

/** Serves the main thread's tasks until it ends this one. To be called once, by the module that a thread is started with. */
export function serveTasks(skills: ThreadSkills): void {
  const port = parentPort!
  const breadcrumb = new Breadcrumb(workerData as SharedArrayBuffer)
  const say = (message: FromThread) => port.postMessage(message)
  port.on('message', async (task: ThreadTask) => {
    try {
      const result = await perform(skills, task, breadcrumb)
      say({ kind: 'done', result, isSpent: isSpentAfter(task, result, getHeapStatistics().total_heap_size) })
    } catch (error) {
      say({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  say({ kind: 'ready' })
  // Not at its end, which is seldom in order.
  flushCompileCache()
}

async function perform(skills: ThreadSkills, task: ThreadTask, breadcrumb: Breadcrumb): Promise<ResultOf<ThreadTask>> {
  switch (task.kind) {
    case 'read': {
      const readings = await readAll(skills, task, breadcrumb)
      breadcrumb.step(nowhere)
      return packReadings(readings)
    }
    case 'resolve': {
      const resolutions = resolveAll(skills, task, breadcrumb)
      breadcrumb.step(nowhere)
      return packResolutions(resolutions)
    }
    case 'excerpt':
      return skills.excerpts(task)
    default:
      return task satisfies never
  }
}

/**
 * Documents are read one by one, so that the breadcrumb names the one that ends its thread. While pictures are decoded it may name another: whoever
 * hears of the end tries the named one again by itself.
 */
async function readAll(
  skills: ThreadSkills,
  { memory, contents }: Extract<ThreadTask, { kind: 'read' }>,
  breadcrumb: Breadcrumb,
): Promise<AssetReading[]> {
  const readings: AssetReading[] = []
  const decoding = new Set<Promise<void>>()
  for (const [index, content] of contents.entries()) {
    breadcrumb.step(index)
    const bytes = bytesOf(memory, content)
    const reading = Promise.resolve(skills.read(content, bytes)).then((result) => {
      readings[index] = result
      decoding.delete(reading)
    })
    if (!skills.isPicture(bytes)) await reading
    else if (decoding.add(reading).size >= maxPicturesPerThread) await Promise.race(decoding)
  }
  await Promise.all(decoding)
  return readings
}

function resolveAll(
  { resolver }: ThreadSkills,
  { orders, targets }: Extract<ThreadTask, { kind: 'resolve' }>,
  breadcrumb: Breadcrumb,
): Resolution[] {
  const resolve = resolver(targets)
  return orders.map((order, index) => {
    breadcrumb.step(index)
    try {
      return resolve(order)
    } catch (error) {
      // One stored value that cannot be read must not keep the references of all others from being resolved.
      console.error(`references of ${order.path} cannot be resolved:`, error)
      return unresolved(order)
    }
  })
}
