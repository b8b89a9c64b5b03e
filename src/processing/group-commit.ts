/** How large groups may be, and what of an item decides on that. */
export interface GroupCommitOptions<Item> {
  readonly maxItems: number
  readonly maxBytes: number
  /**
   * Where a group of so many bytes can be made of what waits, it is committed beside the one before: its bytes are written while the database
   * works for the other. Missing: one group after another.
   */
  readonly besideBytes?: number
  sizeOf(item: Item): number
  /** Two items with the same key never share a group: the later one must see what the earlier one did. */
  keyOf(item: Item): string
}

/** One whose bytes are written, and one that the database is at. */
const maxGroupsAtOnce = 2

interface Waiting<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Gathers concurrent calls into groups that are committed together: one transaction and one fsync for many small uploads. The first call is
 * committed at once; what arrives while a commit is in flight forms the next group, so a lonely call waits for nobody. The function that it
 * gives commits one item, and settles when the group of that item is committed or has failed. Where `commit` gives an error in the place of
 * a result, that item alone has failed.
 */
export function createGroupCommit<Item, Result>(
  commit: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
  options: GroupCommitOptions<Item>,
): (item: Item) => Promise<Result> {
  let queue: Waiting<Item, Result>[] = []
  let waitingBytes = 0
  let groups = 0
  /** Of the items that are being committed: another one of the same key waits for their end. */
  const busyKeys = new Set<string>()

  function startGroups(): void {
    while (queue.length > 0 && (groups === 0 || (groups < maxGroupsAtOnce && waitingBytes >= (options.besideBytes ?? Infinity)))) {
      const { group, rest } = takeGroup(queue, busyKeys, options)
      if (group.length === 0) return
      queue = rest
      void commitGroup(group)
    }
  }

  async function commitGroup(group: readonly Waiting<Item, Result>[]): Promise<void> {
    const keys = group.map(({ item }) => options.keyOf(item))
    for (const key of keys) busyKeys.add(key)
    for (const { item } of group) waitingBytes -= options.sizeOf(item)
    groups++
    try {
      const results = await commit(group.map((waiting) => waiting.item))
      for (const [index, waiting] of group.entries()) settle(waiting, results[index]!)
    } catch (error) {
      for (const waiting of group) waiting.reject(error)
    }
    groups--
    for (const key of keys) busyKeys.delete(key)
    startGroups()
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      queue.push({ item, resolve, reject })
      waitingBytes += options.sizeOf(item)
      startGroups()
    })
}

function settle<Item, Result>({ resolve, reject }: Waiting<Item, Result>, result: Result | Error): void {
  if (result instanceof Error) reject(result)
  else resolve(result)
}

function takeGroup<Item, Result>(
  queue: readonly Waiting<Item, Result>[],
  busyKeys: ReadonlySet<string>,
  options: GroupCommitOptions<Item>,
) {
  const group: Waiting<Item, Result>[] = []
  const rest: Waiting<Item, Result>[] = []
  const keys = new Set(busyKeys)
  let bytes = 0
  for (const waiting of queue) {
    const key = options.keyOf(waiting.item)
    const size = options.sizeOf(waiting.item)
    const fits = group.length === 0 || (group.length < options.maxItems && bytes + size <= options.maxBytes)
    if (fits && !keys.has(key)) {
      group.push(waiting)
      bytes += size
    } else rest.push(waiting)
    // Also for those left over: a third item of the key must not overtake the second.
    keys.add(key)
  }
  return { group, rest }
}
