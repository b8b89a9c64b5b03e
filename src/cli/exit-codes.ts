/** What the exit code of `assay` says. Scripts rely on these numbers. */
export const exitCodes = {
  succeeded: 0,
  /** Everything is finished, and some assets failed. */
  someFailed: 1,
  usage: 2,
  /** Some assets are not finished: the time limit passed, or nobody asked to wait. */
  unfinished: 3,
  unauthorised: 4,
  unreachable: 5,
  /** The server refused the request or had a fault, or something unforeseen happened. */
  fault: 6,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** One line for each code, for help and reference. */
export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  0: 'everything succeeded',
  1: 'everything is finished, some assets failed',
  2: 'the command, a path in it or a setting is wrong',
  3: 'some assets are not finished (with --wait: the time limit passed)',
  4: 'the server does not accept the credential',
  5: 'the server cannot be reached',
  6: 'the server refused the request, or something unforeseen happened',
}
