/** Commits one row after another into a data directory and prints each number once its commit was acknowledged. */
import { openDatabase } from '../../../../src/store/database.ts'
import { noDiskLimits } from '../../../support/test-database.ts'

const [directory] = process.argv.slice(2)
const database = await openDatabase({ dataDirectory: directory!, disk: noDiskLimits })
await database.executeSql('create table if not exists row (number bigint generated always as identity primary key, filler text)')
for (;;) {
  // Four callers at once, as statements and as transactions.
  const callers = [0, 1, 2, 3].map(async (caller) => {
    const text = `insert into row (filler) values (repeat('x', 3000)) returning number`
    if (caller % 2 === 0) return (await database.executeSql(text)).rows[0].number
    const transaction = await database.beginTransaction()
    const { rows } = await transaction.executeSql(text)
    await transaction.commit()
    return rows[0].number
  })
  for (const caller of callers) console.log(await caller)
}
