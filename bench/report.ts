/** Prints a figure beside its goal, and lets the process end with 1 when it misses it. Without a goal the figure is only reported. */
export function report(what: string, figure: string, goal?: { readonly met: boolean; readonly text: string }): void {
  if (goal && !goal.met) process.exitCode = 1
  const judgement = goal === undefined ? '' : `  goal ${goal.text}${goal.met ? '' : ': MISSED'}`
  console.log(`${what.padEnd(58)} ${figure}${judgement}`)
}

export const atLeast = (measured: number, goal: number, unit = '') => ({ met: measured >= goal, text: `at least ${goal}${unit}` })
export const atMost = (measured: number, goal: number, unit = '') => ({ met: measured <= goal, text: `at most ${goal}${unit}` })
