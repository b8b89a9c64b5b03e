/**
 * Loaded into a server (`node --import`): at SIGUSR2 it writes the 99th percentiles of its event loop since the last time, in ms, to the file
 * that LOOP_DELAY_FILE names, as JSON, and starts again: `wallMs`, how late a timer comes, and of the time from one timer to the next `cpuMs`, the CPU time
 * that the main thread took, and `waitMs`, how long it waited for a core (0 where it is not Linux). Where others take the cores, the first counts their
 * work as well; the second is what this thread did.
 */
import { openSync, readSync, writeFileSync } from 'node:fs'
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const resolutionMs = 5
const file = process.env.LOOP_DELAY_FILE

if (isMainThread && file !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  const turns = createHistogram()
  const waits = createHistogram()
  const cpuMicroseconds = () => {
    const { user, system } = process.threadCpuUsage()
    return user + system
  }
  const waitMicroseconds = openWaits()
  let last = { cpu: cpuMicroseconds(), wait: waitMicroseconds() }
  setInterval(() => {
    const now = { cpu: cpuMicroseconds(), wait: waitMicroseconds() }
    turns.record(Math.max(1, now.cpu - last.cpu))
    waits.record(Math.max(1, now.wait - last.wait))
    last = now
  }, resolutionMs).unref()
  process.on('SIGUSR2', () => {
    // The timer itself takes its resolution.
    const wallMs = Math.max(0, delays.percentile(99) / 1e6 - resolutionMs)
    writeFileSync(file, JSON.stringify({ wallMs, cpuMs: turns.percentile(99) / 1000, waitMs: waits.percentile(99) / 1000 }))
    for (const histogram of [delays, turns, waits]) histogram.reset()
  })
}

/** Gives what tells how long the main thread could have run but had no core, in all. */
function openWaits(): () => number {
  if (process.platform !== 'linux') return () => 0
  const schedule = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r')
  const text = Buffer.alloc(128)
  return () => {
    const length = readSync(schedule, text, 0, text.length, 0)
    return Math.round(Number(text.toString('latin1', 0, length).split(' ')[1]) / 1000)
  }
}
