import type { PGlite, Results } from '@electric-sql/pglite'
import type { DiskGuard } from './disk-guard.ts'
import { PreparedStatements } from './prepared-statements.ts'
import type { Beginning, EngineResult, RunResult, Work } from './protocol.ts'
import { Turns } from './turns.ts'
import type { AnswerListener } from './wire/read-answer.ts'

interface Transaction {
  readonly number: number
  /** The request that began it, with its first statement. */
  readonly id: number
  readonly release: () => void
  readonly deadline: NodeJS.Timeout
  /** The statement before the next one: callers may not wait for one before they send another. */
  tail: Promise<unknown>
}

const nothing: RunResult = { command: '', affectedRows: 0, rows: [] }

/**
 * The one connection of the embedded database, shared in turns. A statement outside a transaction takes one turn; a transaction keeps
 * its turn from begin to end. Without that, a statement of one caller would join, or roll back, the transaction of another.
 * What is done here is committed, but not durable yet: see {@link LogSync}.
 */
export class Session {
  readonly #pg: PGlite
  readonly #guard: DiskGuard
  readonly #running: Int32Array
  readonly #turns = new Turns()
  readonly #statements: PreparedStatements
  #transaction: Transaction | null = null
  #readOnly = false
  /** Transactions that were rolled back for taking too long, until their owner hears of it. */
  readonly #expired = new Set<number>()

  /** `running` is where the id of the request in work is written for the watchdog. Notifications can come with the answer to any statement. */
  constructor(pg: PGlite, guard: DiskGuard, running: Int32Array, listener: AnswerListener) {
    this.#pg = pg
    this.#guard = guard
    this.#running = running
    this.#statements = new PreparedStatements(pg, listener)
    pg.onNotification(listener.onNotification)
  }

  /** Does one piece of work when its turn comes. Rejects with PostgreSQL's error. */
  async handle(id: number, work: Exclude<Work, { kind: 'close' }>): Promise<EngineResult> {
    switch (work.kind) {
      case 'commit':
      case 'rollback':
        return this.#end(id, work.transaction, work.kind)
      case 'run':
        if (work.transaction === null) {
          return this.alone(id, () => this.#execute(work.text, work.values))
        }
        if (work.begins) await this.#begin(id, work.transaction, work.begins)
        return this.#inside(work.transaction, id, () => this.#execute(work.text, work.values))
      default:
        return work satisfies never
    }
  }

  /** Withdraws a request that still waits for its turn. A transaction that began at the same moment has no owner: it is rolled back. */
  forget(id: number): void {
    if (this.#turns.forget(id)) return
    if (this.#transaction?.id === id) this.#end(id, this.#transaction.number, 'rollback').catch(Boolean)
  }

  /** Waits for the turn, closes the database and keeps the turn. */
  async close(): Promise<void> {
    await this.#turns.take(0)
    await this.#pg.close()
  }

  /** Runs a function with the database to itself, outside any transaction. */
  async alone<T>(id: number, task: () => Promise<T>): Promise<T> {
    const release = await this.#turns.take(id)
    try {
      return await this.#watched(id, async () => {
        await this.#followDisk()
        return this.#closeLeftOver(task)
      })
    } finally {
      this.#endTurn(release)
    }
  }

  /** The answer leaves first: with the next statement it would wait for the end of that, and for its sync. */
  #endTurn(release: () => void): void {
    setImmediate(release)
  }

  async #begin(id: number, number: number, { isolation, timeoutMs }: Beginning): Promise<void> {
    const release = await this.#turns.take(id)
    try {
      await this.#watched(id, async () => {
        await this.#followDisk()
        await this.#statements.run(`start transaction isolation level ${isolation}`, [])
      })
    } catch (error) {
      release()
      throw error
    }
    const deadline = setTimeout(() => {
      this.#expired.add(number)
      this.#end(id, number, 'rollback').catch(Boolean)
    }, timeoutMs)
    this.#transaction = { number, id, release, deadline, tail: Promise.resolve() }
  }

  async #end(id: number, number: number, command: 'commit' | 'rollback'): Promise<EngineResult> {
    if (this.#transaction?.number !== number && command === 'rollback') {
      this.#expired.delete(number)
      return nothing
    }
    const { release, deadline } = this.#open(number)
    clearTimeout(deadline)
    try {
      const result = this.#inside(number, id, () => this.#execute(command, []))
      this.#transaction = null
      return await result
    } finally {
      this.#endTurn(release)
    }
  }

  #inside<T>(number: number, id: number, task: () => Promise<T>): Promise<T> {
    const transaction = this.#open(number)
    const result = transaction.tail.then(() => this.#watched(id, task))
    transaction.tail = result.catch(Boolean)
    return result
  }

  #open(number: number): Transaction {
    if (this.#transaction?.number === number) return this.#transaction
    if (this.#expired.has(number)) throw new Error('The transaction took too long and was rolled back.')
    throw new Error('The transaction is over.')
  }

  async #watched<T>(id: number, task: () => Promise<T>): Promise<T> {
    Atomics.store(this.#running, 0, id)
    try {
      return await task()
    } finally {
      Atomics.store(this.#running, 0, 0)
    }
  }

  /** Only the simple protocol takes several statements, and only the extended one takes values. */
  async #execute(text: string, values: readonly unknown[]): Promise<EngineResult> {
    if (values.length === 0 && mayBeScript(text)) return combine(await this.#pg.exec(text))
    return this.#statements.run(text, values)
  }

  /** A script that fails between its own BEGIN and COMMIT leaves a transaction behind, which would swallow the next caller's statement. */
  async #closeLeftOver<T>(task: () => Promise<T>): Promise<T> {
    try {
      const result = await task()
      if (this.#pg.isInTransaction()) throw new Error('A script has to end the transaction that it begins.')
      return result
    } finally {
      if (this.#pg.isInTransaction()) await this.#pg.exec('rollback')
    }
  }

  /** PostgreSQL itself knows best what a write is: on a nearly full disk it gets read-only transactions (error 25006). */
  async #followDisk(): Promise<void> {
    const low = this.#guard.isLow()
    if (low === this.#readOnly) return
    await this.#pg.exec(`set default_transaction_read_only = ${low ? 'on' : 'off'}`)
    this.#readOnly = low
  }
}

/** A semicolon within a text or a name counts too: as a script, one statement gives the same, only slower. */
function mayBeScript(text: string): boolean {
  return /;\s*\S/.test(text)
}

function combine(results: Results[]): RunResult {
  const last = results.at(-1)
  const tag = last as (Results & { command?: string }) | undefined
  return {
    command: tag?.command ?? '',
    affectedRows: last?.affectedRows ?? 0,
    rows: (results.length === 1 ? last!.rows : results.flatMap((result) => result.rows)) as Record<string, unknown>[],
  }
}
