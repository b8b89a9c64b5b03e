import { type Kysely, sql } from 'kysely'
import { maxListedTextBytes } from '../../model/large-limits.ts'
import type { Settlement } from '../../processing/ports.ts'
import { textList } from '../binary-lists.ts'
import type { Schema } from '../schema-types.ts'
import type { Settled } from './settle-assets.ts'
import { settleFrom, settlementTypes, tellSettled, toSettlementRow } from './settlement-rows.ts'
import { insertResults, resultRows, resultTexts, resultTypes, toResultNumbers } from './write-results.ts'

/** Whether {@link settleNewAssets} may be used: none has a result of before, and what was found is little enough for one statement. */
export function areNewAndSmall(settlements: readonly Settlement[]): boolean {
  if (settlements.some(({ claim }) => !claim.isNew)) return false
  const texts = Object.values(resultTexts)
  const bytes = settlements.reduce((sum, settlement) => texts.reduce((part, textOf) => part + textOf(settlement).length, sum), 0)
  return bytes <= maxListedTextBytes
}

/**
 * Settles assets that have no result yet by one statement, which is a transaction of its own. As a transaction of six they took a third more
 * CPU time, and left the database waiting in between for a thread that was busy with other things: a fifth of its time during an import.
 *
 * Only where no other transaction is under way, see `settleAssets`. A first result concerns whoever has an edge to the asset: it exists now.
 */
export async function settleNewAssets(db: Kysely<Schema>, settlements: readonly Settlement[]): Promise<Settled> {
  const rows = settlements.map((settlement) => ({ ...toSettlementRow(settlement), ...toResultNumbers(settlement) }))
  const input = resultRows({ ...settlementTypes, ...resultTypes }, rows, (column) => textList(settlements.map(resultTexts[column])))
  const texts = sql.join(Object.keys(resultTexts).map((name) => sql.ref(`i.${name}`)))
  const { rows: settled } = await sql<{ id: number; targets_changed: boolean }>`
    with settled as (
      ${settleFrom(input)} returning a.id, a.uuid, a.path, a.revision, a.status, a.fold_hash, i.told, i.own_warnings, i.own_infos, ${texts}
    ), told as (${tellSettled}), appeared as (
      insert into assay.target_change (target, existence) select fold_hash, true from settled s
      where (select 1 from assay.reference_edge e where e.target = s.fold_hash limit 1) is not null returning 1
    ), referred as (
      insert into assay.reference_edge (target, source, kind)
      select unnest(edges::bigint[]), id, unnest(string_to_array(edge_kinds, null))::smallint from settled
    ), written as (${insertResults(sql`settled`)})
    select id, exists (select from appeared) as targets_changed from settled`.execute(db)
  return { current: new Set(settled.map(({ id }) => id)), targetsChanged: settled[0]?.targets_changed ?? false }
}
