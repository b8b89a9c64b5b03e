import { setImmediate as endOfTurn } from 'node:timers/promises'

/**
 * Reads rows by key, with one query for all that ask in the same turn of the event loop or while another query is under way. Each query begins
 * after it was asked for, so nobody is answered with what was true before. `null`: there is no row.
 */
export function gatherReads<Row>(
  read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>,
): (key: string) => Promise<Row | null> {
  let previous: Promise<unknown> = Promise.resolve()
  let next: { readonly keys: Set<string>; readonly rows: Promise<ReadonlyMap<string, Row>> } | null = null
  const gather = () => {
    const keys = new Set<string>()
    const rows = previous.then(endOfTurn).then(() => {
      next = null
      return read([...keys])
    })
    previous = rows.catch(Boolean)
    return { keys, rows }
  }
  return async (key) => {
    next ??= gather()
    next.keys.add(key)
    return (await next.rows).get(key) ?? null
  }
}
