/**
 * Who may read contents at the same time in one process: any number of batches, or one suspect by itself. So whatever ends the process while
 * a suspect is read is that suspect, and never a neighbour that would be blamed for it. In the order of arrival.
 */
export interface ReadingGate {
  together<T>(work: () => Promise<T>): Promise<T>
  alone<T>(work: () => Promise<T>): Promise<T>
}

export function createReadingGate(): ReadingGate {
  let lastAlone: Promise<unknown> = Promise.resolve()
  const batches = new Set<Promise<unknown>>()
  return {
    together(work) {
      const running = lastAlone.then(work)
      const ended = running.catch(Boolean)
      batches.add(ended)
      void ended.then(() => batches.delete(ended))
      return running
    },
    alone(work) {
      const running = Promise.all([lastAlone, ...batches]).then(work)
      lastAlone = running.catch(Boolean)
      return running
    },
  }
}
