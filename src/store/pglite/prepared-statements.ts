import { type PGlite, parse, protocol, type Results } from '@electric-sql/pglite'
import { maxPreparedStatements } from '../../model/limits.ts'

const { serialize } = protocol
const { parseDescribeStatementResults: parameterTypes, parseResults } = parse
const options = { syncToFs: false }

/** A statement that PostgreSQL knows by name, with the types of its parameters. */
interface Prepared {
  readonly name: string
  readonly types: readonly number[]
}

/**
 * Runs statements with values, each prepared at its first use: PostgreSQL then parses and plans it once and not at every run. Of the queries
 * of a batch that was nearly all of the time (2.0 ms against 0.13 ms for an update over three tables). A run is one call into PostgreSQL;
 * PGlite's `query` makes six.
 *
 * The plan of a prepared statement is kept while tables grow from nothing, so it must not depend on their size: see `openCluster`.
 */
export class PreparedStatements {
  readonly #pg: PGlite
  /** The least recently used one first. */
  readonly #known = new Map<string, Prepared>()
  /** Not used any more, and to be forgotten by PostgreSQL as well. */
  readonly #outdated: Prepared[] = []
  #lastName = 0

  constructor(pg: PGlite) {
    this.#pg = pg
  }

  /** The caller has the database to itself. Rejects with PostgreSQL's error. */
  async run(text: string, values: readonly unknown[]): Promise<Results> {
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

  async #runPrepared(text: string, values: readonly unknown[]): Promise<Results> {
    const { name, types } = await this.#prepare(text)
    const texts = values.map((value, index) => (value === null || value === undefined ? null : this.#toText(value, types[index])))
    const messages = [
      serialize.bind({ statement: name, values: texts }),
      serialize.describe({ type: 'P' }),
      serialize.execute({}),
      serialize.sync(),
    ]
    return parseResults(await this.#pg.execProtocolStream(Buffer.concat(messages), options), this.#pg.parsers)[0]!
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
    const prepared = { name, types: parameterTypes(await this.#pg.execProtocolStream(Buffer.concat(messages), options)) }
    this.#known.set(text, prepared)
    return prepared
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
