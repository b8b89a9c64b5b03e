/** What may run beside what: see `WebhookMessage`. */
interface Laned {
  readonly lane: string | null
}

/**
 * Runs `task` for one item after another, up to `most()` side by side. An item starts only when those before it in its lane are done; one
 * without a lane when all before it are, and nothing starts beside it. Begins no further item once `mayGoOn()` says no. Resolves with how many
 * it has begun, when all of those are done. Tasks do not reject.
 */
export async function inLanes<Item extends Laned>(
  items: readonly Item[],
  task: (item: Item) => Promise<void>,
  most: () => number,
  mayGoOn: () => boolean,
): Promise<number> {
  const running = new Map<string | null, Promise<void>>()
  const mustWait = ({ lane }: Item) =>
    running.size > 0 && (lane === null || running.has(null) || running.has(lane) || running.size >= most())
  let begun = 0
  for (const item of items) {
    while (mustWait(item)) await Promise.race(running.values())
    if (!mayGoOn()) break
    running.set(
      item.lane,
      task(item).then(() => void running.delete(item.lane)),
    )
    begun++
  }
  await Promise.all(running.values())
  return begun
}
