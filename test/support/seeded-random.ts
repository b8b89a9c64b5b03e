/** Random numbers that a seed repeats. */
export interface SeededRandom {
  readonly seed: number
  /** A whole number from `from` up to `to`, both included. */
  integer(from: number, to: number): number
  pick<T>(values: readonly T[]): T
  /** True with this probability. */
  chance(probability: number): boolean
}

/** A generator (mulberry32) with the seed given, or with that of the environment variable, or with a new one. Print its `seed`. */
export function seededRandom(variable: string, given?: number): SeededRandom {
  const seed = given ?? Number(process.env[variable] ?? Math.floor(Math.random() * 2 ** 32))
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return { seed, integer, pick: (values) => values[integer(0, values.length - 1)]!, chance: (probability) => next() < probability }
}
