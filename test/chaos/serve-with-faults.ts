/** `assay serve`, but for a share ASSAY_STORAGE_FAULTS of all calls of its stores, to which something happens once it has started. */
import pg from 'pg'
import { createApp } from '../../src/app.ts'
import { stopSignal } from '../../src/cli/stop-signal.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { randomFaults, withFaults } from './storage-faults.ts'

const { ASSAY_STORAGE_FAULTS: rate, ASSAY_DATABASE_URL: url, ...environment } = process.env
const random = seededRandom('ASSAY_CHAOS_SEED')
const faults = randomFaults(Number(rate), random)
let started = false
const { config, secrets } = await loadConfig({ ...environment, ...(url && { ASSAY_DATABASE_URL: url }) })
const stop = stopSignal()
await using app = await createApp(config, secrets, {
  wrapStore: (store) => withFaults(store, (method) => (started ? faults(method) : null), disconnect),
})
await app.start()
started = true
await stop

/** Ends all sessions of the database. The embedded one has none that could be ended alone. */
async function disconnect(): Promise<void> {
  if (!url) return
  const client = new pg.Client(url)
  client.on('error', Boolean)
  try {
    await client.connect()
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
  } catch {
    // Another one ended this session as well.
  } finally {
    await client.end().catch(Boolean)
  }
}
