import { progressLineMs, progressRateMs, progressRedrawMs } from '../../model/client-limits.ts'
import type { Terminal } from './terminal.ts'

const barCells = 24

/**
 * Shows how far something is: a bar with rate and remaining time that is drawn over itself on a terminal, else a plain line every few
 * seconds. The clock is given so that it can be told in tests.
 */
export class Progress {
  readonly #terminal: Terminal
  readonly #label: string
  readonly #now: () => number
  /** What was done when something was shown, back to the time over which the rate is taken. */
  readonly #marks: { readonly at: number; readonly done: number }[]
  #shownAt = Number.NEGATIVE_INFINITY

  constructor(terminal: Terminal, label: string, now: () => number = () => performance.now()) {
    this.#terminal = terminal
    this.#label = label
    this.#now = now
    const at = now()
    this.#marks = [{ at, done: 0 }]
    if (!terminal.redraws) this.#shownAt = at
  }

  /** Tells how much of how much is done. Draws only as often as an eye can follow. */
  update(done: number, total: number): void {
    const now = this.#now()
    const { redraws } = this.#terminal
    if (now - this.#shownAt < (redraws ? progressRedrawMs : progressLineMs)) return
    this.#shownAt = now
    const share = total === 0 ? 1 : done / total
    const perSecond = this.#rate(now, done)
    const figures = `${grouped(done)} of ${grouped(total)}, ${grouped(Math.round(perSecond))}/s${remaining(total - done, perSecond)}`
    if (redraws) this.#draw(share, figures)
    else this.#terminal.remark(`${this.#label}: ${figures}`)
  }

  /** Over the last seconds alone: the mean since the start promises an early end long after the work has become slow. */
  #rate(at: number, done: number): number {
    const marks = this.#marks
    while (marks.length > 1 && marks[1]!.at <= at - progressRateMs) marks.shift()
    const since = marks[0]!
    marks.push({ at, done })
    return ((done - since.done) / Math.max(at - since.at, 1)) * 1000
  }

  #draw(share: number, figures: string): void {
    const filled = Math.round(share * barCells)
    const bar = `${this.#terminal.paintRemark('cyan', '━'.repeat(filled))}${this.#terminal.paintRemark('dim', '━'.repeat(barCells - filled))}`
    const fits = this.#terminal.progressColumns >= this.#label.length + barCells + figures.length + 3
    this.#terminal.redraw(`${this.#label} ${fits ? `${bar} ` : ''}${figures}`)
  }

  /** Wipes the bar, so that what is printed next stands alone. */
  finish(): void {
    if (this.#terminal.redraws) this.#terminal.redraw('')
  }
}

/** `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}

function remaining(left: number, perSecond: number): string {
  return left <= 0 || perSecond <= 0 ? '' : `, ${duration((left / perSecond) * 1000)} left`
}
