/**
 * Loaded into a server (`node --import`): at SIGUSR2 it writes the 99th percentiles of its event loop since the last time, in ms, to the file
 * that LOOP_DELAY_FILE names, as JSON, and starts again: `wallMs`, how late a timer comes, and `cpuMs`, the CPU time that the main thread took from
 * one timer to the next. Where others take the cores, the first counts their work as well; the second is what this thread did.
 */
import { writeFileSync } from 'node:fs'
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const resolutionMs = 5
const file = process.env.LOOP_DELAY_FILE

if (isMainThread && file !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  const turns = createHistogram()
  const cpuMicroseconds = () => {
    const { user, system } = process.threadCpuUsage()
    return user + system
  }
  let last = cpuMicroseconds()
  setInterval(() => {
    const now = cpuMicroseconds()
    turns.record(Math.max(1, now - last))
    last = now
  }, resolutionMs).unref()
  process.on('SIGUSR2', () => {
    // The timer itself takes its resolution.
    const wallMs = Math.max(0, delays.percentile(99) / 1e6 - resolutionMs)
    writeFileSync(file, JSON.stringify({ wallMs, cpuMs: turns.percentile(99) / 1000 }))
    delays.reset()
    turns.reset()
  })
}
