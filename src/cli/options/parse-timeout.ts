import { UsageError } from '../failure.ts'

/** The time limit of `--timeout`, in milliseconds. Throws {@link UsageError} for what is none, and without `--wait`. */
export function parseTimeout({ timeout, wait }: { readonly timeout?: string; readonly wait?: boolean }): number | undefined {
  if (timeout === undefined) return undefined
  if (wait !== true) throw new UsageError('--timeout means nothing without --wait: add --wait.')
  const seconds = Number(timeout)
  if (!(seconds > 0 && seconds <= 1_000_000)) throw new UsageError(`--timeout must be a number of seconds. It is "${timeout}".`)
  return seconds * 1000
}
