import { cutPower } from '../store/engine/power-cut-round.ts'
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
    // In a third of the rounds nothing that was not synced survives.
    const survival = random.chance(0.33) ? 0 : random.integer(1, 99) / 100
    const since = performance.now()
    const wrong = await cutPower({ commits, survival, random }).then(
      (found) => Object.entries(found).filter(([, rows]) => rows.length !== commits || rows.some((number, index) => number !== index)),
      (error: unknown) => [['unreadable', String(error)]],
    )
    figures.add('a round with its recovery', roundGoalMs, performance.now() - since)
    answered += commits
    for (const [what, rows] of wrong) violations.push(`round ${round} (${commits} commits, ${survival} survives), ${what}: ${rows}`)
    say(`round ${round}: ${commits} commits, ${survival} of the unsynced sectors survive, ${wrong.length === 0 ? 'all there' : 'WRONG'}`)
  }
  return { answered, assets: 0, violations, figures }
}
