import { flushCompileCache } from 'node:module'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { giveBackMemory } from '../give-back-memory.ts'
import { openCluster } from './cluster.ts'
import { DiskGuard } from './disk-guard.ts'
import { LogSync } from './log-sync.ts'
import { startMaintenance } from './maintenance.ts'
import type { EngineResult, EngineSettings, FromEngine, Notification, RunResult, ToEngine, WireError } from './protocol.ts'
import { Session } from './session.ts'

/** The thread in which PostgreSQL runs. On the main thread it would keep timers and sockets from turning for seconds. */
async function serve(port: MessagePort, settings: EngineSettings): Promise<void> {
  const tell = (message: FromEngine, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
  const { directory, disk, maintenance, running } = settings
  const log = new LogSync(settings.log)
  const cluster = await openCluster(directory, log, (message) => tell({ kind: 'dead', error: { message, fields: {} } }))
  const guard = new DiskGuard(directory, disk)
  const notified: Notification[] = []
  const session = new Session(cluster.pg, guard, new Int32Array(running), {
    onNotification: (channel, payload) => notified.push({ channel, payload }),
  })
  const stopMaintenance = startMaintenance(session, cluster, maintenance, (error) => tell({ kind: 'incident', error: toWire(error) }))
  const close = async (): Promise<RunResult> => {
    stopMaintenance()
    await session.close()
    log.settle()
    await guard.settled()
    return { command: 'CLOSE', affectedRows: 0, rows: [] }
  }
  const outgoing = () => ({ sync: log.last, notifications: notified.splice(0) })
  port.on('message', (request: ToEngine) => {
    const { id } = request
    if (request.kind === 'forget') return session.forget(id)
    const answer = request.kind === 'close' ? close() : session.handle(id, request)
    if (request.kind === 'run') void answer.catch(Boolean).then(() => giveBackMemory(request.values))
    answer.then(
      (result) => tell({ kind: 'done', id, result, ...outgoing() }, buffersOf(result)),
      (error: unknown) => tell({ kind: 'failed', id, error: toWire(error), ...outgoing() }),
    )
  })
  tell({ kind: 'opened' })
  // The first look lays the ballast down.
  guard.isLow()
  // Not at its end, which may be a kill.
  flushCompileCache()
}

/** Rows as bytes, and values that are bytes, have buffers of their own: they move to the other thread instead of being copied. */
function buffersOf({ rows }: EngineResult): ArrayBuffer[] {
  if (rows instanceof Uint8Array) return [rows.buffer as ArrayBuffer]
  const first = rows[0]
  const columns = first ? Object.keys(first) : []
  const buffers: ArrayBuffer[] = []
  for (const column of columns) {
    for (const row of rows) {
      const value = row[column]
      if (value instanceof Uint8Array) buffers.push(value.buffer as ArrayBuffer)
      else if (value !== null) break
    }
  }
  return buffers
}

function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { message: String(error), fields: {} }
  const fields = Object.entries(error).filter((entry): entry is [string, string] => entry[0] !== 'query' && typeof entry[1] === 'string')
  return { message: error.message, fields: Object.fromEntries(fields) }
}

if (!parentPort) throw new Error('This file is the entry of a thread.')
await serve(parentPort, workerData as EngineSettings)
