import type { Kysely, RawBuilder } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** Stands in a statement for a value that each run gives. */
class Slot<Input> {
  readonly read: (input: Input) => unknown

  constructor(read: (input: Input) => unknown) {
    this.read = read
  }
}

/** Puts the value that `read` takes from the input of a run into a statement. */
export type SlotFor<Input> = (read: (input: Input) => unknown) => unknown

/**
 * A statement whose text never changes: it is built and compiled at its first run, and each run gives values alone. For the few that run for each
 * upload: building the one that receives an asset took Kysely 50 µs each time.
 */
export function fixedStatement<Input, Row>(
  build: (slot: SlotFor<Input>) => RawBuilder<Row>,
): (db: Kysely<Schema>, input: Input) => Promise<Row[]> {
  let compiled: ReturnType<RawBuilder<Row>['compile']> | undefined
  return async (db, input) => {
    compiled ??= build((read) => new Slot(read)).compile(db)
    const parameters = compiled.parameters.map((value) => (value instanceof Slot ? value.read(input) : value))
    return (await db.executeQuery<Row>({ ...compiled, parameters })).rows
  }
}
