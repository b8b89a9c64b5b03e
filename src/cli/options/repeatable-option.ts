import { Option } from 'commander'

/** An option that may be given several times. Variadic options would swallow the arguments that follow them. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description} (may be repeated)`).argParser((value: string, before: string[] | undefined) => [
    ...(before ?? []),
    value,
  ])
}
