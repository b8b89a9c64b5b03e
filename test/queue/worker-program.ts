/**
 * A worker in a process of its own: `<place> <behaviour> <name>`. Says `ready` when it works, `working <ids>` when it has begun a group and
 * `done <ids>` after the commit.
 *
 * `finish`: marks the orders and completes the job. `wait`: the same, after SIGUSR2. `freeze`: begins and never ends, whatever it is told. `half`: leaves a mark in an open
 * transaction, says so, and never commits.
 */
import { once } from 'node:events'
import { sql } from 'kysely'
import { markAndComplete, openProbeDatabase, openProbeQueue, useCasesWith } from './probe.ts'

const [place, behaviour] = process.argv.slice(2) as [string, string]
const database = await openProbeDatabase(place)
const queue = await openProbeQueue(database, place, ({ error }) => console.log(`trouble ${error}`))
const never = new Promise<never>(() => {})

await queue.work(
  useCasesWith({
    async postProcess(orders, claim) {
      const ids = orders.map(({ id }) => id).join(',')
      if (behaviour === 'half') {
        await database.transaction(
          async (trx) => {
            for (const { id } of orders) await sql`insert into public.mark (name) values (${String(id)})`.execute(trx)
            await queue.complete(trx, claim)
            console.log(`working ${ids}`)
            await never
          },
          { timeoutMs: 60_000 },
        )
      }
      console.log(`working ${ids}`)
      if (behaviour === 'freeze') await never
      if (behaviour === 'wait') await once(process, 'SIGUSR2')
      await markAndComplete(database, queue, orders, claim)
      console.log(`done ${ids}`)
    },
  }),
)
console.log('ready')
process.once('SIGTERM', async () => {
  await queue.stop()
  await database[Symbol.asyncDispose]()
  console.log('stopped')
})
