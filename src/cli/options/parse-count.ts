import { UsageError } from '../failure.ts'

/** The whole number of an option. Throws {@link UsageError} for what is none from 1 to `most`. */
export function parseCount(option: string, given: string, most: number): number {
  const count = Number(given)
  if (Number.isInteger(count) && count > 0 && count <= most) return count
  throw new UsageError(`${option} must be a whole number from 1 to ${most}. It is "${given}".`)
}
