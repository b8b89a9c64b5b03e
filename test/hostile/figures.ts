/** One measured figure beside its goal. */
export interface Figure {
  readonly name: string
  /** With its unit. */
  readonly measured: string
  readonly goal: string
  readonly isMet: boolean
}

/** A figure that must not be larger than its goal. */
export function atMost(name: string, measured: number, goal: number, unit: string): Figure {
  const shown = Math.round(measured * 10) / 10
  return { name, measured: `${shown} ${unit}`.trim(), goal: `≤ ${goal} ${unit}`.trim(), isMet: measured <= goal }
}

/** Things that must not have happened, of which `found` tells the first ones. */
export function none(name: string, found: readonly string[]): Figure {
  const first = found.slice(0, 20).map((one) => `\n      ${one}`)
  return { name, measured: `${found.length}${first.join('')}`, goal: '0', isMet: found.length === 0 }
}

/** Writes figures beside their goals. Gives whether all goals are met. */
export function printFigures(title: string, figures: readonly Figure[]): boolean {
  console.log(`\n# ${title}\n`)
  for (const { name, measured, goal, isMet } of figures) console.log(`${isMet ? '✓' : '✗'} ${name}: ${measured}   (goal ${goal})`)
  return figures.every(({ isMet }) => isMet)
}
