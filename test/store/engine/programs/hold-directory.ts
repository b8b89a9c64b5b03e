/** Opens a data directory, says so, and keeps it. */
import { openDatabase } from '../../../../src/store/database.ts'
import { noDiskLimits } from '../../../support/test-database.ts'

const [directory] = process.argv.slice(2)
await openDatabase({ dataDirectory: directory!, disk: noDiskLimits })
console.log('open')
