import { checkpointIntervalMs, vacuumDeadRows, vacuumIntervalMs } from '../../model/database-limits.ts'
import type { Cluster } from './cluster.ts'
import type { Session } from './session.ts'

export interface MaintenanceIntervals {
  readonly vacuumMs: number
  readonly checkpointMs: number
}

export const defaultMaintenanceIntervals: MaintenanceIntervals = { vacuumMs: vacuumIntervalMs, checkpointMs: checkpointIntervalMs }

/**
 * Tables, partitions included, that autovacuum would have taken up: by its own formulas, with an upper limit on dead rows, and those
 * whose oldest transaction is so old that PostgreSQL would one day stop for it (autovacuum_freeze_max_age). Rows that were only inserted are no reason:
 * to read them all once more, and write them, took 26 µs of each asset of an import, and what it is good for comes with age.
 */
const staleTables = `
  select name, is_dirty from (
    select relid::regclass::text as name, n_mod_since_analyze > 50 + 0.1 * n_live_tup as is_changed,
      n_dead_tup > least(${vacuumDeadRows}, 50 + 0.2 * n_live_tup) or age(relfrozenxid) > 200000000 as is_dirty
    from pg_stat_user_tables join pg_class on pg_class.oid = relid
  ) as stale where is_changed or is_dirty`

/** Requests of the engine itself have negative ids: nobody waits for them, and the watchdog gives them `maintenanceTimeoutMs`. */
const maintenanceId = -1

/**
 * What the background processes of a server would do: PGlite has none of them. Dead rows are vacuumed and statistics renewed where it
 * pays, and a checkpoint every minute keeps the recovery after a crash short. Nothing is done while nothing is written.
 */
export function startMaintenance(
  session: Session,
  { pg, syncs }: Cluster,
  intervals: MaintenanceIntervals,
  onFailure: (error: unknown) => void,
): () => void {
  let seen = syncs()
  let checkpointed = syncs()
  const vacuum = async () => {
    if (syncs() === seen) return
    const tables = await session.alone(maintenanceId, async () => {
      // Counters are kept back for up to a second after a statement; this makes them visible now.
      await pg.exec('select pg_stat_force_next_flush()')
      return (await pg.query<{ name: string; is_dirty: boolean }>(staleTables)).rows
    })
    for (const { name, is_dirty } of tables) {
      await session.alone(maintenanceId, () => pg.exec(is_dirty ? `vacuum (analyze) ${name}` : `analyze ${name}`))
    }
    seen = syncs()
  }
  const checkpoint = async () => {
    if (syncs() === checkpointed) return
    await session.alone(maintenanceId, () => pg.exec('checkpoint'))
    checkpointed = syncs()
  }
  const stopVacuum = every(intervals.vacuumMs, vacuum, onFailure)
  const stopCheckpoint = every(intervals.checkpointMs, checkpoint, onFailure)
  return () => {
    stopVacuum()
    stopCheckpoint()
  }
}

/** The next run is planned when the last one is over. One that failed, on a full disk say, is simply tried again then. */
function every(intervalMs: number, task: () => Promise<void>, onFailure: (error: unknown) => void): () => void {
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  const plan = () => {
    if (!stopped) timer = setTimeout(() => task().catch(onFailure).finally(plan), intervalMs)
  }
  plan()
  return () => {
    stopped = true
    if (timer) clearTimeout(timer)
  }
}
