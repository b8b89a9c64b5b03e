/** Measured times beside what they should be. */
export class Figures {
  readonly #rows = new Map<string, { readonly goalMs: number; readonly times: number[] }>()

  /** Notes one measurement of `what`, which should take at most `goalMs`. */
  add(what: string, goalMs: number, tookMs: number): void {
    const row = this.#rows.get(what) ?? { goalMs, times: [] }
    row.times.push(tookMs)
    this.#rows.set(what, row)
  }

  /** One line for each figure: median, 95th percentile and maximum, and how many of them met the goal. */
  lines(): readonly string[] {
    const width = Math.max(0, ...[...this.#rows.keys()].map((what) => what.length))
    return Array.from(this.#rows, ([what, { goalMs, times }]) => {
      const sorted = times.toSorted((a, b) => a - b)
      const at = (share: number) => seconds(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!)
      const met = sorted.filter((ms) => ms <= goalMs).length
      return `${what.padEnd(width)}  median ${at(0.5)}  p95 ${at(0.95)}  max ${at(1)}  goal ≤ ${seconds(goalMs)}: ${met} of ${sorted.length}`
    })
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
