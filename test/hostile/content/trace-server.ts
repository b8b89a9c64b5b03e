import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const installation = resolve(import.meta.dirname, '../../..')
/** What a program reads of itself and of the machine. */
const ownPlaces = [installation, '/proc/', '/sys/', '/dev/shm/', '/etc/ld.so', '/lib/', '/usr/lib/']

/** Whether the system calls of another process can be seen here. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0
}

/**
 * Does `work` while every file that a process opens and every connection that it makes is written down. Gives those that lie outside of its
 * data directory and installation, and all connections.
 */
export async function traceServer(
  server: { readonly pid: number; readonly dataDirectory: string },
  work: () => Promise<void>,
): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'assay-trace-'))
  const log = join(directory, 'calls')
  const strace = spawn('strace', ['-f', '-qq', '-e', 'trace=open,openat,connect,execve', '-o', log, '-p', String(server.pid)])
  try {
    // It says nothing when it is attached.
    await delay(1000)
    await work()
    const calls = (await readFile(log, 'utf8')).split('\n')
    if (!calls.some((call) => call.includes(server.dataDirectory))) return ['nothing was traced']
    return calls.filter((call) => isOutside(call, server.dataDirectory))
  } finally {
    strace.kill('SIGINT')
    await once(strace, 'exit')
    await rm(directory, { recursive: true, force: true })
  }
}

function isOutside(call: string, dataDirectory: string): boolean {
  if (/\b(connect|execve)\(/.test(call)) return true
  const path = /\bopen(?:at)?\([^"]*"([^"]*)"/.exec(call)?.[1]
  return path !== undefined && ![dataDirectory, ...ownPlaces].some((place) => path.startsWith(place))
}
