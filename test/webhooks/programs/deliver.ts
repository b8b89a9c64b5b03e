/** Delivers the webhooks of a database until it is killed. Given a receiver and a count, it first makes so many things happen for it. */
import { type DatabaseOptions, openDatabase } from '../../../src/store/database.ts'
import { noDiskLimits } from '../../support/test-database.ts'
import { addWebhook, happen, startWorker } from '../delivery-harness.ts'

const [place, receiver, count = '0'] = process.argv.slice(2)
const { url, dataDirectory } = JSON.parse(place!) as { readonly url?: string; readonly dataDirectory?: string }
const options: DatabaseOptions = url === undefined ? { dataDirectory: dataDirectory!, disk: noDiskLimits } : { url }
const database = await openDatabase(options)
if (receiver !== undefined) {
  await addWebhook(database, receiver)
  await happen(database, ...Array.from({ length: Number(count) }, (_, index) => ({ path: `/content/dam/a/${index}.dita` })))
}
await startWorker(database)
console.log('delivering')
