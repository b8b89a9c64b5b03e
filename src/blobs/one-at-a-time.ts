/**
 * Runs tasks with the same key one after another, others side by side. Within this process: nodes that share a folder or a bucket are kept
 * apart by locks in their database (`store/queries/lock-blobs.ts`).
 */
export function createOneAtATime(): <T>(key: string, task: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (key, task) => {
    const result = (last.get(key) ?? Promise.resolve()).then(task)
    const settled = result.catch(() => undefined)
    last.set(key, settled)
    void settled.then(() => {
      if (last.get(key) === settled) last.delete(key)
    })
    return result
  }
}
