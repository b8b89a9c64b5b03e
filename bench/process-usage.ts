import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** CPU time of a process so far, all its threads together, in ms (proc(5), in ticks of 10 ms). */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** What the threads of this process have had so far, in µs (proc(5), schedstat). */
export interface ThreadTimes {
  readonly main: number
  readonly workers: number
  /** V8's own threads, which compile and collect garbage, and whatever else there is. */
  readonly others: number
  /** How long workers that could have run waited for a core. */
  readonly waiting: number
}

export function threadTimes(): ThreadTimes {
  const times = { main: 0, workers: 0, others: 0, waiting: 0 }
  for (const thread of readdirSync('/proc/self/task')) {
    const name = readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim()
    const [ran, waited] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8')
      .split(' ')
      .map((ns) => Number(ns) / 1000)
    times[name === 'WorkerThread' ? 'workers' : name === 'MainThread' ? 'main' : 'others'] += ran!
    if (name === 'WorkerThread') times.waiting += waited!
  }
  return times
}

/** What a process has in memory now, in MiB. */
export function residentMiB(pid: number): number {
  return memoryMiB(pid, 'VmRSS')
}

/** The most that it had in memory since {@link forgetPeak}, in MiB. */
export function peakMiB(pid: number): number {
  return memoryMiB(pid, 'VmHWM')
}

/** What was before does not count any more (proc(5), clear_refs). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

function memoryMiB(pid: number, field: string): number {
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
