import { type messages, type PGlite, parse, protocol } from '@electric-sql/pglite'
import { maxPreparedStatements } from '../../model/database-limits.ts'
import { giveBackMemory } from '../give-back-memory.ts'
import type { EngineResult, WireColumn } from './protocol.ts'
import { type Column, columnOf } from './wire/columns.ts'
import { MessageWriter } from './wire/message-writer.ts'
import { type AnswerListener, surveyAnswer } from './wire/read-answer.ts'
import { readRows } from './wire/read-rows.ts'
import { writeRun } from './wire/write-run.ts'

const { serialize } = protocol
const { parseDescribeStatementResults: parameterTypes } = parse
const options = { syncToFs: false }

/** A statement that PostgreSQL knows by name, with the types of its parameters and the columns of its result. */
interface Prepared {
  readonly name: string
  readonly types: readonly number[]
  readonly columns: readonly Column[]
  /** The columns as they travel with rows that are all binary; `null`: they are not, and the rows are read here. */
  readonly wireColumns: readonly WireColumn[] | null
}

/**
 * Runs statements with values, each prepared at its first use: PostgreSQL then parses and plans it once and not at every run. Of the queries
 * of a batch that was nearly all of the time (2.0 ms against 0.13 ms for an update over three tables). A run is one call into PostgreSQL;
 * PGlite's `query` makes six. Values and rows cross in binary (`wire/`), where PGlite writes and reads everything as text.
 *
 * The plan of a prepared statement is kept while tables grow from nothing, so it must not depend on their size: see `openCluster`.
 */
export class PreparedStatements {
  readonly #pg: PGlite
  readonly #listener: AnswerListener
  readonly #writer = new MessageWriter()
  /** The least recently used one first. */
  readonly #known = new Map<string, Prepared>()
  /** Not used any more, and to be forgotten by PostgreSQL as well. */
  readonly #outdated: Prepared[] = []
  #lastName = 0

  constructor(pg: PGlite, listener: AnswerListener) {
    this.#pg = pg
    this.#listener = listener
  }

  /** The caller has the database to itself. Rejects with PostgreSQL's error. */
  async run(text: string, values: readonly unknown[]): Promise<EngineResult> {
    try {
      return await this.#runPrepared(text, values)
    } catch (error) {
      if (!isOutdated(error)) throw error
      this.#outdated.push(this.#known.get(text)!)
      this.#known.delete(text)
      // The transaction has failed with the statement, and is the caller's to repeat.
      if (this.#pg.isInTransaction()) throw error
      return this.#runPrepared(text, values)
    }
  }

  async #runPrepared(text: string, values: readonly unknown[]): Promise<EngineResult> {
    const prepared = await this.#prepare(text)
    const answer = await this.#exchange(prepared, values)
    let travels = false
    try {
      const { hasRows, ...result } = surveyAnswer(answer, this.#listener)
      if (!hasRows || !prepared.wireColumns) return { ...result, rows: readRows(answer, prepared.columns) }
      travels = true
      return { ...result, rows: answer, columns: prepared.wireColumns }
    } finally {
      if (!travels) giveBackMemory([answer])
    }
  }

  async #exchange(prepared: Prepared, values: readonly unknown[]): Promise<Buffer> {
    try {
      writeRun(this.#writer, prepared, values, (value, type) => this.#toText(value, type))
      return await this.#send(this.#writer.written)
    } finally {
      this.#writer.clear()
    }
  }

  /**
   * The answer, in a buffer of its own. PGlite's other ways of sending parse it, each value a text. Parts of it lie in PostgreSQL's memory, and are
   * overwritten by the next ones.
   */
  async #send(messages: Uint8Array): Promise<Buffer> {
    const parts: Buffer[] = []
    const keep = (part: Uint8Array) => parts.push(Buffer.from(new Uint8Array(part).buffer))
    await this.#pg.execProtocolRawStream(messages, { ...options, onRawData: keep })
    if (parts.length === 1) return parts[0]!
    const whole = Buffer.allocUnsafeSlow(parts.reduce((total, part) => total + part.length, 0))
    let at = 0
    for (const part of parts) at += part.copy(whole, at)
    giveBackMemory(parts)
    return whole
  }

  async #prepare(text: string): Promise<Prepared> {
    const known = this.#known.get(text)
    if (known) {
      this.#known.delete(text)
      this.#known.set(text, known)
      return known
    }
    const name = `assay_${++this.#lastName}`
    this.#forgetOldest()
    const forget = this.#outdated.splice(0).map((prepared) => serialize.close({ type: 'S', name: prepared.name }))
    const messages = [...forget, serialize.parse({ text, name }), serialize.describe({ type: 'S', name }), serialize.sync()]
    const described = await this.#pg.execProtocolStream(Buffer.concat(messages), options)
    const columns = this.#columnsOf(described)
    const wireColumns = columns.every(({ isBinary }) => isBinary) ? columns.map(({ name, type }): WireColumn => [name, type]) : null
    const prepared = { name, types: parameterTypes(described), columns, wireColumns }
    this.#known.set(text, prepared)
    return prepared
  }

  #columnsOf(described: Awaited<ReturnType<PGlite['execProtocolStream']>>): Column[] {
    const description = described.find((message): message is messages.RowDescriptionMessage => message.name === 'rowDescription')
    return (description?.fields ?? []).map(({ name, dataTypeID }) => columnOf(name, dataTypeID, this.#pg.parsers[dataTypeID]))
  }

  #forgetOldest(): void {
    if (this.#known.size < maxPreparedStatements) return
    const [text, prepared] = this.#known.entries().next().value!
    this.#known.delete(text)
    this.#outdated.push(prepared)
  }

  #toText(value: unknown, type: number | undefined): string {
    const serializer = type === undefined ? undefined : this.#pg.serializers[type]
    return serializer ? serializer(value) : String(value)
  }
}

/** A table has other columns now (`select *`): the statement must be prepared anew. PostgreSQL has no code of its own for that. */
function isOutdated(error: unknown): boolean {
  return error instanceof Error && error.message === 'cached plan must not change result type'
}
