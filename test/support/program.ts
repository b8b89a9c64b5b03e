import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A TypeScript program in a process of its own, which a test may kill. */
export interface Program extends AsyncDisposable {
  readonly pid: number
  readonly lines: AsyncIterableIterator<string>
  /** Everything it wrote to standard error so far. */
  errors(): string
  /** Resolves with its exit code, null if it was killed. */
  exited(): Promise<number | null>
  kill(signal?: NodeJS.Signals): Promise<void>
}

/** Optimising the WebAssembly of a database that lives for seconds takes two seconds of CPU time and never pays. */
export const unoptimised = ['--liftoff-only']

/**
 * Starts a program with the runtime of this process. It is killed when the returned object is disposed of. `preload` is run in each of its
 * threads before.
 */
export function startProgram(file: URL, parameters: readonly string[], preload?: URL): Program {
  const options = preload ? [...unoptimised, '--import', preload.href] : unoptimised
  const child: ChildProcess = spawn(process.execPath, [...options, file.pathname, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = once(child, 'exit')
  let errors = ''
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk
  })
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    child.kill(signal)
    await exit
  }
  return {
    pid: child.pid!,
    lines: createInterface({ input: child.stdout! })[Symbol.asyncIterator]() as AsyncIterableIterator<string>,
    errors: () => errors,
    exited: async () => (await exit)[0] as number | null,
    kill,
    [Symbol.asyncDispose]: () => kill(),
  }
}
