/**
 * Lets faults happen for as long as wanted, and prints what was measured beside what it should be:
 *
 *     npm run chaos [-- [embedded|cluster] [--rounds 20] [--seed 1] [--faults "kill,freeze"]]
 *     npm run chaos -- power|disk-full [--rounds 100]
 *     npm run chaos -- storage-pglite|storage-postgres [--rounds 200] [--rate 0.08]
 *
 * Without a name both, one after the other. A round is one fault under load. Faults take turns in an order that the seed gives; a seed repeats
 * what the clients do and when the faults come, as far as time allows. For the storage a round is an operation. Ends with code 1 if anything was lost, wrong, doubled or stuck.
 */
import { parseArgs } from 'node:util'
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts'
import { clusterFaults, disturbCluster } from './cluster.ts'
import { fillDiskAgain } from './disk-full.ts'
import { type ChaosOutcome, disturbEmbedded, embeddedFaults } from './embedded.ts'
import { cutPowerAgain } from './power.ts'
import { failStorage } from './storage.ts'

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    faults: { type: 'string' },
    rate: { type: 'string', default: '0.08' },
  },
  allowPositionals: true,
})
const rounds = Number(values.rounds)
const say = (line: string) => console.log(`${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${line}`)

const scenarios: Readonly<Record<string, (random: SeededRandom) => Promise<ChaosOutcome>>> = {
  embedded: (random) => disturbEmbedded({ faults: takeTurns(embeddedFaults, random), random, say }),
  cluster: (random) => disturbCluster({ faults: takeTurns(clusterFaults, random), random, say }),
  power: (random) => cutPowerAgain(rounds, random, say),
  'disk-full': (random) => fillDiskAgain(rounds, random, say),
  'storage-pglite': (random) => failStorage({ engine: 'pglite', rate: Number(values.rate), operations: rounds, random }),
  'storage-postgres': (random) => failStorage({ engine: 'postgres', rate: Number(values.rate), operations: rounds, random }),
}

const names = positionals.length > 0 ? positionals : ['embedded', 'cluster']
const unknown = names.filter((name) => !(name in scenarios))
if (unknown.length > 0 || !Number.isInteger(rounds)) {
  console.error(`There is no "${unknown.join(', ')}": take ${Object.keys(scenarios).join(' or ')}, and a number of rounds.`)
  process.exitCode = 2
} else for (const name of names) await run(name)

async function run(name: string): Promise<void> {
  const random = seededRandom('ASSAY_CHAOS_SEED', values.seed === undefined ? undefined : Number(values.seed))
  console.log(`\n# ${name}, ${rounds} rounds, --seed ${random.seed}\n`)
  const { answered, assets, violations, figures } = await scenarios[name]!(random)
  console.log(`\n${rounds} rounds, ${answered} acknowledged operations, ${assets} assets in the end, ${violations.length} violations`)
  for (const line of figures.lines()) console.log(line)
  if (violations.length === 0) return
  console.error(`\n${violations.join('\n')}\n\nTo repeat: npm run chaos -- ${name} --rounds ${rounds} --seed ${random.seed}`)
  process.exitCode = 1
}

/** As many faults as rounds, each as often as the others. */
function takeTurns<Fault extends string>(all: readonly Fault[], random: SeededRandom): readonly Fault[] {
  const asked = values.faults?.split(',').map((fault) => fault.trim())
  const chosen = asked ? all.filter((fault) => asked.includes(fault)) : all
  if (chosen.length === 0) throw new Error(`--faults takes some of: ${all.join(', ')}`)
  const faults: Fault[] = []
  let left: Fault[] = []
  while (faults.length < rounds) {
    if (left.length === 0) left = [...chosen]
    faults.push(...left.splice(random.integer(0, left.length - 1), 1))
  }
  return faults
}
