import { sql, type Transaction } from 'kysely'
import { maxListedTextBytes } from '../../model/large-limits.ts'
import type { Settlement } from '../../processing/ports.ts'
import type { StoredText } from '../../processing/stored-text.ts'
import { textList } from '../binary-lists.ts'
import type { Schema } from '../schema-types.ts'

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
  const column = (name: string, pick: (settlement: Settlement) => StoredText) =>
    textList(
      settled.map((settlement) => {
        const text = pick(settlement)
        if (text.length <= maxListedTextBytes) return text
        large.push({ id: settlement.claim.id, column: name, text })
        return ''
      }),
    )
  await sql`
    insert into assay.asset_result (asset_id, revision, facts, problems, reference_problems, reference_values, reference_states, targets,
      targets_digest, own_warnings, own_infos, edges, edge_kinds)
    select id, revision, facts, problems, reference_problems, reference_values, reference_states, targets, digest, warnings, infos,
      edges::bigint[], kinds
    from unnest(${settled.map((s) => s.claim.id)}::bigint[], ${settled.map((s) => s.claim.revision)}::integer[],
      ${column('facts', (s) => s.reading.facts)}::text[], ${column('problems', (s) => s.reading.problems)}::text[],
      ${column('reference_problems', (s) => s.resolution.problems)}::text[],
      ${column('reference_values', (s) => s.reading.references)}::text[],
      ${column('reference_states', (s) => s.resolution.states)}::text[], ${column('targets', (s) => s.reading.targets)}::text[],
      ${textList(settled.map((s) => s.reading.targetsDigest))}::text[], ${settled.map((s) => s.reading.problemCounts.warning)}::integer[],
      ${settled.map((s) => s.reading.problemCounts.info)}::integer[], ${textList(settled.map((s) => s.reading.edgeList))}::text[],
      ${textList(settled.map((s) => s.reading.edgeKindList))}::text[])
      as i(id, revision, facts, problems, reference_problems, reference_values, reference_states, targets, digest, warnings, infos, edges,
      kinds)
    on conflict (asset_id) do update set revision = excluded.revision, facts = excluded.facts, problems = excluded.problems,
      reference_problems = excluded.reference_problems, reference_values = excluded.reference_values,
      reference_states = excluded.reference_states, targets = excluded.targets, targets_digest = excluded.targets_digest,
      own_warnings = excluded.own_warnings, own_infos = excluded.own_infos, edges = excluded.edges, edge_kinds = excluded.edge_kinds`.execute(
    trx,
  )
  for (const { id, column, text } of large)
    await sql`update assay.asset_result set ${sql.ref(column)} = ${text}::text where asset_id = ${id}`.execute(trx)
}
