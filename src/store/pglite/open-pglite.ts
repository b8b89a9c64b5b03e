import { Kysely } from 'kysely'
import { databaseCallTimeoutMs } from '../../model/database-limits.ts'
import type { DatabaseConnection } from '../database.ts'
import { DatabaseUnavailableError, DiskFullError } from '../database-errors.ts'
import type { OnIncident } from '../incidents.ts'
import { listMigrations } from '../migrate.ts'
import type { Schema } from '../schema-types.ts'
import { createTransactions } from '../transactions.ts'
import { createPgliteDialect } from './dialect.ts'
import { lockDirectory } from './directory-lock.ts'
import { checkDirectory, hasMeta, writeMeta } from './directory-meta.ts'
import { type DiskThresholds, defaultDiskThresholds, isDiskLow } from './disk-guard.ts'
import { EngineHost } from './engine-host.ts'
import { defaultMaintenanceIntervals, type MaintenanceIntervals } from './maintenance.ts'

export interface PgliteOptions {
  readonly dataDirectory: string
  readonly callTimeoutMs?: number
  readonly disk?: Partial<DiskThresholds>
  readonly maintenance?: Partial<MaintenanceIntervals>
  readonly onIncident?: OnIncident
}

/** Opens the embedded database in a data directory, creating both if they are missing. */
export async function openPglite(options: PgliteOptions): Promise<DatabaseConnection> {
  const { dataDirectory: directory, callTimeoutMs: timeoutMs = databaseCallTimeoutMs, onIncident = () => {} } = options
  const disk = { ...defaultDiskThresholds, ...options.disk }
  const maintenance = { ...defaultMaintenanceIntervals, ...options.maintenance }
  const unlock = lockDirectory(directory)
  let host: EngineHost | null = null
  try {
    checkDirectory(directory, await listMigrations())
    host = new EngineHost({ directory, disk, maintenance }, onIncident)
    await host.opened().catch((error: unknown) => {
      throw new DatabaseUnavailableError(`The embedded database in ${directory} did not open: ${describe(error)}`, { cause: error })
    })
    if (!hasMeta(directory)) await writeMeta(directory, null)
  } catch (error) {
    await host?.close()
    unlock()
    throw error
  }
  return createConnection(host, { directory, disk, timeoutMs, unlock })
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

interface Surroundings {
  readonly directory: string
  readonly disk: DiskThresholds
  readonly timeoutMs: number
  readonly unlock: () => void
}

function createConnection(host: EngineHost, { directory, disk, timeoutMs, unlock }: Surroundings): DatabaseConnection {
  const kyselyWithin = (ms: number) => new Kysely<Schema>({ dialect: createPgliteDialect(host, ms) })
  const run = async (text: string, values: readonly unknown[]) => {
    const { rows } = await host.call({ kind: 'run', text, values, transaction: null }, timeoutMs)
    return { rows }
  }
  const kysely = kyselyWithin(timeoutMs)
  return {
    engine: 'pglite',
    kysely,
    forBytes: kysely,
    ...createTransactions(kyselyWithin, timeoutMs),
    executeSql: (text, values = []) => run(text, values),
    listen: (channel, onNotify, onReconnect = () => {}) => host.listen(channel, { onNotify, onReconnect }, timeoutMs),
    async ping() {
      await run('select 1', [])
    },
    async assertDiskSpace(expectedBytes = 0) {
      if (isDiskLow(directory, disk, expectedBytes))
        throw new DiskFullError(`The disk that holds ${directory} is nearly full. Free some space.`)
    },
    recordSchema: (migration) => writeMeta(directory, migration),
    async [Symbol.asyncDispose]() {
      await host.close()
      unlock()
    },
  }
}
