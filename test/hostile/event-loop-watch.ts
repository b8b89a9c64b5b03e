/**
 * Loaded into a server (`node --import`) before anything else: watches how long its event loop stands still. At SIGUSR2 it writes the longest
 * turn since the last time to the file that LOOP_WATCH_FILE names, as JSON, and starts again.
 *
 * A turn is told twice: as it passed on the clock, and as the CPU time that the thread had of it. On a machine that others use too, the first
 * counts their work as well; the second is what this process did.
 */
import { writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const intervalMs = 5
const file = process.env.LOOP_WATCH_FILE

if (isMainThread && file !== undefined) {
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let last = { wallMs: performance.now(), cpuMs: cpuMs() }
  let longest = { wallMs: 0, cpuMs: 0 }
  setInterval(() => {
    const now = { wallMs: performance.now(), cpuMs: cpuMs() }
    longest = {
      wallMs: Math.max(longest.wallMs, now.wallMs - last.wallMs - intervalMs),
      cpuMs: Math.max(longest.cpuMs, now.cpuMs - last.cpuMs),
    }
    last = now
  }, intervalMs).unref()
  process.on('SIGUSR2', () => {
    writeFileSync(file, JSON.stringify(longest))
    longest = { wallMs: 0, cpuMs: 0 }
  })
}
