import { sql, type Transaction } from 'kysely'
import { unreadDigest } from '../../dita/encode-targets.ts'
import type { Settlement } from '../../processing/ports.ts'
import { integerList, smallIntegerList } from '../binary-lists.ts'
import type { Schema } from '../schema-types.ts'
import { rowSet } from './row-set.ts'
import { isStillClaimed, settleFrom, settlementTypes, tellSettled, toSettlementRow } from './settlement-rows.ts'
import { writeResults } from './write-results.ts'

/** The ids of those that were still current, and whether others can now see something else: a resolving pass is due. */
export interface Settled {
  readonly current: ReadonlySet<number>
  readonly targetsChanged: boolean
}

/**
 * Writes results where path, revision and claim are still the same, in a constant number of statements, and one more for each long text:
 * status, result, references, events, and a target change where others can now see something else.
 *
 * `isAlone`: no other transaction is under way. Whoever refers to an asset has then written its edges before, or looks at it again after its own
 * settlement; so a change that nobody has an edge to concerns nobody. Beside other transactions an edge may be written and not seen yet.
 */
export async function settleAssets(trx: Transaction<Schema>, settlements: readonly Settlement[], isAlone = false): Promise<Settled> {
  const updated = await updateStatuses(trx, settlements)
  const settled = settlements.filter((settlement) => updated.has(settlement.claim.id))
  if (settled.length === 0) return { current: new Set(), targetsChanged: false }
  // One after the other, without waiting in between: with each answer the database would stand still until it has the next statement.
  const [targetsChanged] = await Promise.all([
    tellTargetChanges(trx, settled, updated, isAlone),
    removeEdges(trx, settled),
    writeEdges(trx, settled),
    writeResults(trx, settled),
  ])
  return { current: new Set(updated.keys()), targetsChanged }
}

interface UpdatedRow {
  readonly id: number
  readonly fold_hash: number
}

async function updateStatuses(trx: Transaction<Schema>, settlements: readonly Settlement[]): Promise<Map<number, UpdatedRow>> {
  const input = rowSet('i', settlements.map(toSettlementRow), settlementTypes)
  const locked = sql`(select i.* from ${input} join assay.asset a on ${isStillClaimed} order by a.id for update of a) as i`
  const result = await sql<UpdatedRow>`
    with settled as (
      ${settleFrom(locked)} returning a.id, a.uuid, a.path, a.revision, a.status, a.fold_hash, i.told
    ), told as (${tellSettled})
    select id, fold_hash from settled`.execute(trx)
  return new Map(result.rows.map((row) => [row.id, row]))
}

/**
 * A first result counts as existence: until then even references without fragment were waiting for it. So does one that can be read after one
 * that could not, and the other way round.
 */
async function tellTargetChanges(
  trx: Transaction<Schema>,
  settled: readonly Settlement[],
  updated: ReadonlyMap<number, UpdatedRow>,
  isAlone: boolean,
): Promise<boolean> {
  const ids = settled.map(({ claim }) => claim.id)
  const rows = await sql<{ id: number }>`
    with changed as (
      select i.id, i.hash, i.existence or r.asset_id is null or (r.targets_digest = ${unreadDigest}) <> (i.digest = ${unreadDigest}) as existence
      from unnest(${ids}::bigint[], ${settled.map(({ reading }) => reading.targetsDigest)}::text[],
        ${ids.map((id) => updated.get(id)!.fold_hash)}::bigint[], ${settled.map(({ claim, reading }) => claim.type !== reading.type)}::boolean[])
        as i(id, digest, hash, existence)
      left join assay.asset_result r on r.asset_id = i.id
      where (i.existence or r.targets_digest is distinct from i.digest)
        and (not ${isAlone}::boolean or (select 1 from assay.reference_edge e where e.target = i.hash limit 1) is not null)
    )
    insert into assay.target_change (target, existence) select hash, existence from changed returning id`.execute(trx)
  return rows.rows.length > 0
}

/** Edges are deleted by what the last result says they were: the table has no index by source, which would double its cost. */
async function removeEdges(trx: Transaction<Schema>, settled: readonly Settlement[]): Promise<void> {
  const again = settled.filter(({ claim }) => !claim.isNew)
  if (again.length === 0) return
  await sql`
    delete from assay.reference_edge e using (
      select r.asset_id, unnest(r.edges) as target from assay.asset_result r where r.asset_id = any(${again.map((s) => s.claim.id)}::bigint[])
    ) old where e.target = old.target and e.source = old.asset_id`.execute(trx)
}

async function writeEdges(trx: Transaction<Schema>, settled: readonly Settlement[]): Promise<void> {
  const count = settled.reduce((sum, { reading }) => sum + reading.edges.length, 0)
  if (count === 0) return
  const targets = new Float64Array(count)
  const sources = new Float64Array(count)
  const kinds = new Uint8Array(count)
  let at = 0
  for (const { claim, reading } of settled) {
    const end = at + reading.edges.length
    targets.set(reading.edges, at)
    sources.fill(claim.id, at, end)
    kinds.set(reading.edgeKinds, at)
    at = end
  }
  await sql`
    insert into assay.reference_edge (target, source, kind)
    select * from unnest(${integerList(targets)}::bigint[], ${integerList(sources)}::bigint[], ${smallIntegerList(kinds)}::smallint[])
    on conflict (target, source) do update set kind = excluded.kind`.execute(trx)
}
