/** Migrates a database and prints, as one line of JSON, the migrations it applied. */
import { openDatabase } from '../../../../src/store/database.ts'
import { migrate } from '../../../../src/store/migrate.ts'

const [url] = process.argv.slice(2)
await using database = await openDatabase({ url: url! })
console.log(JSON.stringify(await migrate(database)))
