import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../../bin/assay.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the command line as a user would, in a process of its own that sees only the given settings. */
export async function runAssay(argv: readonly string[], settings: Record<string, string> = {}, node = process.execPath): Promise<Ended> {
  const environment = { PATH: process.env.PATH ?? '', ...settings }
  const child = spawn(node, [launcher, ...argv], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: code as number | null, out, err }
}
