/** A worker in a process of its own: `<data directory> [<database url>]`. Says `settled <outcomes as JSON>` when nothing is left to do. */
import { openPoisoned } from './poison-harness.ts'

const [directory, url] = process.argv.slice(2) as [string, string | undefined]
await using worker = await openPoisoned({ directory, url: url ?? null })
await worker.work()
console.log(`settled ${JSON.stringify(await worker.outcomes())}`)
