/**
 * Loaded into a server (`node --import`): at SIGUSR2 it writes the 99th percentile of the delay of its event loop since the last time, in ms,
 * to the file that LOOP_DELAY_FILE names, and starts again.
 */
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const resolutionMs = 5
const file = process.env.LOOP_DELAY_FILE

if (isMainThread && file !== undefined) {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  process.on('SIGUSR2', () => {
    // The timer itself takes its resolution.
    writeFileSync(file, String(Math.max(0, histogram.percentile(99) / 1e6 - resolutionMs)))
    histogram.reset()
  })
}
