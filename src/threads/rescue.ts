import { ThreadEndedError } from './thread-ended.ts'

/** Does the items in one thread, in their order. Rejects with {@link ThreadEndedError} if they end it. */
export type RunInThread<Item, Result> = (items: readonly Item[]) => Promise<Result[]>

/**
 * Runs items in a thread and, if they end it (which is reported), finds out which one did it: that one is tried once more by itself, and
 * fails if it ends its thread again; the others are done without it. Gives the results in the order of the items.
 *
 * By itself, because its neighbours may have used up the thread's memory.
 */
export async function runWithRescue<Item, Result>(
  items: readonly Item[],
  run: RunInThread<Item, Result>,
  fail: (item: Item, end: ThreadEndedError) => Result,
  report: (items: readonly Item[], end: ThreadEndedError) => void,
): Promise<Result[]> {
  try {
    return await run(items)
  } catch (error) {
    if (!(error instanceof ThreadEndedError) || error.reason === 'closed') throw error
    report(items, error)
    if (items.length === 1) return [fail(items[0]!, error)]
    const parts = splitAround(items, error.index)
    return (await Promise.all(parts.map((part) => runWithRescue(part, run, fail, report)))).flat()
  }
}

/** Those before, the one, those after. In halves, if the thread was at none of them (it ended while it handed over the results). */
function splitAround<Item>(items: readonly Item[], index: number | null): (readonly Item[])[] {
  const parts =
    index === null
      ? [items.slice(0, items.length / 2), items.slice(items.length / 2)]
      : [items.slice(0, index), items.slice(index, index + 1), items.slice(index + 1)]
  return parts.filter((part) => part.length > 0)
}
