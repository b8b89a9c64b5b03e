import { type RawBuilder, sql } from 'kysely'

/** Types that a column of a row set can have, and how a list of them is written. */
const listTypes = {
  bigint: sql`bigint[]`,
  integer: sql`integer[]`,
  smallint: sql`smallint[]`,
  boolean: sql`boolean[]`,
  text: sql`text[]`,
  bytea: sql`bytea[]`,
  uuid: sql`uuid[]`,
}

/** The type of each column of such rows. */
export type RowTypes<Row> = { readonly [Name in keyof Row]: keyof typeof listTypes }

/**
 * Rows for a `from`: `rowSet('i', rows, { id: 'bigint', title: 'text' })` is `unnest($1::bigint[], $2::text[]) as i("id", "title")`. One list for each
 * column crosses to the database in binary; as JSON they take longer to read (settling 450 assets: 23 ms instead of 14).
 */
export function rowSet<Row>(alias: string, rows: readonly Row[], types: RowTypes<Row>): RawBuilder<unknown> {
  return rowSetOf(alias, types, (name) => rows.map((row) => row[name]))
}

/** The same, of lists: the values of a column, or what stands for them. */
export function rowSetOf<Row>(alias: string, types: RowTypes<Row>, listOf: (name: keyof Row & string) => unknown): RawBuilder<unknown> {
  const names = Object.keys(types) as (keyof Row & string)[]
  const lists = names.map((name) => sql`${listOf(name)}::${listTypes[types[name]]}`)
  return sql`unnest(${sql.join(lists)}) as ${sql.ref(alias)}(${sql.join(names.map((name) => sql.ref(name)))})`
}
