import { cutPower, findLoss } from '../store/engine/power-cut-round.ts'
import type { SeededRandom } from '../support/seeded-random.ts'
import type { ChaosOutcome } from './embedded.ts'
import { Figures } from './figures.ts'

const roundGoalMs = 10_000

/** Cuts the power so often, each time after another number of commits and with another share of what was not synced lost. */
export async function cutPowerAgain(rounds: number, random: SeededRandom, say: (line: string) => void): Promise<ChaosOutcome> {
  const violations: string[] = []
  const figures = new Figures()
  let answered = 0
  for (let round = 1; round <= rounds; round++) {
    const commits = random.integer(1, 220)
    // In a third of the rounds nothing of the log survives that was not synced, and in a third nothing of other files.
    const share = () => (random.chance(0.33) ? 0 : random.integer(1, 100) / 100)
    const survival = { log: share(), tables: share() }
    const since = performance.now()
    const cut = { commits, survival, changes: random.integer(0, 12), only: random.pick(['all', 'tables'] as const) }
    const wrong = await cutPower({ ...cut, random }).then(findLoss, (error: unknown) => [`unreadable: ${error}`])
    figures.add('a round with its recovery', roundGoalMs, performance.now() - since)
    answered += commits
    const when = `${commits} commits and ${cut.changes} changes of ${cut.only}, ${survival.log} of the unsynced log and ${survival.tables} of other files survive`
    for (const what of wrong) violations.push(`round ${round} (${when}), ${what}`)
    say(`round ${round}: ${when}, ${wrong.length === 0 ? 'all there' : 'WRONG'}`)
  }
  return { answered, assets: 0, violations, figures }
}
