import { type RawBuilder, sql, type Transaction } from 'kysely'
import { maxListedTextBytes } from '../../model/large-limits.ts'
import type { Settlement } from '../../processing/ports.ts'
import type { StoredText } from '../../processing/stored-text.ts'
import { textList } from '../binary-lists.ts'
import type { Schema } from '../schema-types.ts'
import { type RowTypes, rowSetOf } from './row-set.ts'

/** What is stored of an asset beside its row, but for the texts. */
interface ResultNumbers {
  readonly id: number
  readonly revision: number
  readonly own_warnings: number
  readonly own_infos: number
}

/** The texts of a result, by their columns. */
export const resultTexts = {
  facts: ({ reading }) => reading.facts,
  problems: ({ reading }) => reading.problems,
  reference_problems: ({ resolution }) => resolution.problems,
  reference_values: ({ reading }) => reading.references,
  reference_states: ({ resolution }) => resolution.states,
  targets: ({ reading }) => reading.targets,
  targets_digest: ({ reading }) => reading.targetsDigest,
  edges: ({ reading }) => reading.edgeList,
  edge_kinds: ({ reading }) => reading.edgeKindList,
} as const satisfies Record<string, (settlement: Settlement) => StoredText>

type ResultTexts = { readonly [Column in keyof typeof resultTexts]: StoredText }

/** For rows of what is stored beside the texts. */
export const resultTypes = {
  id: 'bigint',
  revision: 'integer',
  own_warnings: 'integer',
  own_infos: 'integer',
} as const satisfies RowTypes<ResultNumbers>

const textTypes = {
  facts: 'text',
  problems: 'text',
  reference_problems: 'text',
  reference_values: 'text',
  reference_states: 'text',
  targets: 'text',
  targets_digest: 'text',
  edges: 'text',
  edge_kinds: 'text',
} as const satisfies RowTypes<ResultTexts>

export function toResultNumbers({ claim, reading }: Settlement): ResultNumbers {
  const { warning, info } = reading.problemCounts
  return { id: claim.id, revision: claim.revision, own_warnings: warning, own_infos: info }
}

/** Rows `i` of types that include those of a result: the lists of its texts as `textsOf` gives them, all else from `rows`. */
export function resultRows<Row>(
  types: RowTypes<Row>,
  rows: readonly Row[],
  textsOf: (column: keyof ResultTexts) => unknown,
): RawBuilder<unknown> {
  const isText = (name: string): name is keyof ResultTexts => name in resultTexts
  return rowSetOf('i', { ...types, ...textTypes }, (name) => (isText(name) ? textsOf(name) : rows.map((row) => row[name as keyof Row])))
}

/** `insert into assay.asset_result … select … from`, of rows of these types. */
export function insertResults(rows: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    insert into assay.asset_result (asset_id, revision, facts, problems, reference_problems, reference_values, reference_states, targets,
      targets_digest, own_warnings, own_infos, edges, edge_kinds)
    select id, revision, facts, problems, reference_problems, reference_values, reference_states, targets, targets_digest, own_warnings,
      own_infos, edges::bigint[], edge_kinds
    from ${rows}`
}

/** A text that is written after its row. */
interface LargeText {
  readonly id: number
  readonly column: string
  readonly text: StoredText
}

/**
 * Writes what was found in assets, in the place of what was found before. One statement, and one more for each long text: in a list with others it lies in
 * PostgreSQL's memory four times, as part of the message, of the list, of the row and of what is stored.
 */
export async function writeResults(trx: Transaction<Schema>, settled: readonly Settlement[]): Promise<void> {
  const large: LargeText[] = []
  const textsOf = (column: keyof ResultTexts) =>
    textList(
      settled.map((settlement) => {
        const text = resultTexts[column](settlement)
        // Edges become an array, which is no longer than its text.
        if (column === 'edges' || text.length <= maxListedTextBytes) return text
        large.push({ id: settlement.claim.id, column, text })
        return ''
      }),
    )
  await sql`
    ${insertResults(resultRows(resultTypes, settled.map(toResultNumbers), textsOf))}
    on conflict (asset_id) do update set revision = excluded.revision, facts = excluded.facts, problems = excluded.problems,
      reference_problems = excluded.reference_problems, reference_values = excluded.reference_values,
      reference_states = excluded.reference_states, targets = excluded.targets, targets_digest = excluded.targets_digest,
      own_warnings = excluded.own_warnings, own_infos = excluded.own_infos, edges = excluded.edges, edge_kinds = excluded.edge_kinds`.execute(
    trx,
  )
  for (const { id, column, text } of large)
    await sql`update assay.asset_result set ${sql.ref(column)} = ${text}::text where asset_id = ${id}`.execute(trx)
}
