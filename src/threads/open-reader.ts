import { isLargeDocument } from '../model/large-document.ts'
import { assetTimeoutMs } from '../model/limits.ts'
import { threadHeapMiB } from '../model/thread-limits.ts'
import type { AssetReading, ContentToRead, Reader, Resolution, ResolveOrder, TargetAsset } from '../processing/ports.ts'
import { takeTurns } from '../processing/take-turns.ts'
import { ApartProcesses } from './apart-processes.ts'
import { failedReading } from './failed-reading.ts'
import { ownEntry } from './own-entry.ts'
import { unpackReadings } from './pack-readings.ts'
import { unpackResolutions } from './pack-resolutions.ts'
import { readApart } from './read-apart.ts'
import { runWithRescue } from './rescue.ts'
import { divide, shareContents } from './share-contents.ts'
import type { ThreadEndedError } from './thread-ended.ts'
import { ThreadPool } from './thread-pool.ts'
import { unresolved } from './unresolved.ts'

/** How many threads there are, and whom they tell; the rest is for tests. */
export interface ReaderOptions {
  readonly threads: number
  /** A thread, or the process of suspects, was ended by an asset, or because of one; `path` is the asset it was at. */
  readonly onThreadEnded: (event: { readonly reason: 'timeout' | 'memory' | 'crash'; readonly path: string | null }) => void
  /** A line that something in a thread printed: nothing of ours does. */
  readonly onOutput?: (line: string) => void
  readonly assetTimeoutMs?: number
  readonly heapMiB?: number
  /** The module that threads run. */
  readonly entry?: URL
}

/**
 * Starts the threads that read contents and resolve references. Resolves when they are ready; rejects if one does not start.
 *
 * Each content has a time and a heap of its own thread; whichever hangs, crashes or exhausts it ends that thread and fails alone. This
 * thread only copies bytes in and passes bytes on: it never looks into a content, nor into what was found in it.
 */
export async function openReader(options: ReaderOptions): Promise<Reader & AsyncDisposable> {
  const threadOptions = {
    entry: options.entry ?? ownEntry,
    heapMiB: options.heapMiB ?? threadHeapMiB,
    assetTimeoutMs: options.assetTimeoutMs ?? assetTimeoutMs,
    onOutput: options.onOutput ?? (() => {}),
  }
  const pool = new ThreadPool(options.threads, threadOptions)
  try {
    await pool.start()
  } catch (error) {
    await pool[Symbol.asyncDispose]()
    throw error
  }
  const processes = new ApartProcesses(threadOptions)
  const report = (items: readonly { readonly path: string }[], { reason, index }: ThreadEndedError) => {
    if (reason !== 'closed') options.onThreadEnded({ reason, path: index === null ? null : (items[index]?.path ?? null) })
  }

  async function readPart(contents: readonly ContentToRead[]): Promise<AssetReading[]> {
    const run = async (part: readonly ContentToRead[]) => unpackReadings(await pool.run(() => shareContents(part)))
    return runWithRescue(contents, run, ({ path }, end) => failedReading(path, failureOf(end)), report)
  }

  const inTurn = takeTurns(Math.max(1, Math.floor(options.threads / 2)))
  /** Large documents wait for each other, of whatever batch they are: half of the threads at most read one. */
  const readWhenDue = (part: readonly ContentToRead[]) => (isLargeDocument(part[0]!) ? inTurn(() => readPart(part)) : readPart(part))

  async function resolve(orders: readonly ResolveOrder[], targets: readonly TargetAsset[]): Promise<Resolution[]> {
    // Short, and the last thing that a batch waits for before it is settled: it must not wait for the contents of the next batch.
    const run = async (part: readonly ResolveOrder[]) =>
      unpackResolutions(await pool.run(() => ({ kind: 'resolve', orders: part, targets }) as const, 'urgent'))
    return runWithRescue(orders, run, unresolved, report)
  }

  return {
    read: async (contents) => (await Promise.all(divide(contents, options.threads).map(readWhenDue))).flat(),
    async readApart(contents, signal) {
      const readings: AssetReading[] = []
      for (const content of contents) {
        signal.throwIfAborted()
        const { path } = content
        readings.push(await readApart(processes, content, () => options.onThreadEnded({ reason: 'crash', path })))
      }
      return readings
    },
    resolve,
    fail: (path, code, message) => failedReading(path, { code, detail: message }),
    async [Symbol.asyncDispose]() {
      processes[Symbol.dispose]()
      await pool[Symbol.asyncDispose]()
    },
  }
}

function failureOf({ reason, detail }: ThreadEndedError): Parameters<typeof failedReading>[1] {
  switch (reason) {
    case 'timeout':
      return { code: 'PROCESSING_TIMEOUT', detail }
    case 'memory':
      return { code: 'PROCESSING_MEMORY', detail }
    case 'crash':
    case 'closed':
      return { code: 'PROCESSING_CRASHED', detail }
    default:
      return reason satisfies never
  }
}
