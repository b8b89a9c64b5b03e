/** Gives a function that runs at most `atOnce` tasks side by side; the others wait, in the order in which they came. */
export function takeTurns(atOnce: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (task) => {
    if (running < atOnce) running++
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      // Who waits takes the place over: nobody who comes meanwhile does.
      if (next) next()
      else running--
    }
  }
}
