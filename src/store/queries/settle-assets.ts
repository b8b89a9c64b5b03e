import { sql, type Transaction } from 'kysely'
import { unreadDigest } from '../../dita/encode-targets.ts'
import { assetStatuses } from '../../model/asset-status.ts'
import { assetTypes } from '../../model/asset-type.ts'
import { eventTypes } from '../../model/event-type.ts'
import type { Settlement } from '../../processing/ports.ts'
import { integerList, smallIntegerList } from '../binary-lists.ts'
import type { Schema } from '../schema-types.ts'
import { rowSet } from './row-set.ts'
import { writeResults } from './write-results.ts'

/**
 * Writes results where path, revision and claim are still the same, in a constant number of statements, and one more for each long text:
 * status, result, references, events, and a target change where others can now see something else. Returns the ids that were still current and whether targets changed.
 *
 * `isAlone`: no other transaction is under way. Whoever refers to an asset has then written its edges before, or looks at it again after its own
 * settlement; so a change that nobody has an edge to concerns nobody. Beside other transactions an edge may be written and not seen yet.
 */
export async function settleAssets(
  trx: Transaction<Schema>,
  settlements: readonly Settlement[],
  isAlone = false,
): Promise<{ current: Set<number>; targetsChanged: boolean }> {
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
  readonly type_changed: boolean
}

async function updateStatuses(trx: Transaction<Schema>, settlements: readonly Settlement[]): Promise<Map<number, UpdatedRow>> {
  const rows = settlements.map(({ claim, reading, resolution }) => ({
    id: claim.id,
    path: claim.path,
    revision: claim.revision,
    attempts: claim.attempts,
    status: assetStatuses.indexOf(reading.outcome),
    type: assetTypes.indexOf(reading.type),
    media_type: reading.mediaType,
    title: reading.title,
    errors: reading.problemCounts.error + resolution.problemCounts.error,
    warnings: reading.problemCounts.warning + resolution.problemCounts.warning,
    infos: reading.problemCounts.info + resolution.problemCounts.info,
    told: reading.failureDetail,
  }))
  const input = rowSet('i', rows, {
    id: 'bigint',
    path: 'text',
    revision: 'integer',
    attempts: 'smallint',
    status: 'smallint',
    type: 'smallint',
    media_type: 'text',
    title: 'text',
    errors: 'integer',
    warnings: 'integer',
    infos: 'integer',
    told: 'text',
  })
  const result = await sql<UpdatedRow>`
    with before as (
      select i.*, a.type as type_before, (select true from assay.asset_result r where r.asset_id = a.id) as again
      from ${input} join assay.asset a on a.id = i.id
      where a.path = i.path and a.revision = i.revision and a.attempts = i.attempts and a.status = ${assetStatuses.indexOf('PROCESSING')}
      order by a.id for update of a
    ), settled as (
      update assay.asset a set status = b.status, type = b.type, media_type = b.media_type, title = b.title, error_count = b.errors,
        warning_count = b.warnings, info_count = b.infos, settled_at = now()
      from before b where a.id = b.id
      returning a.id, a.uuid, a.path, a.revision, a.status, a.fold_hash, a.type <> b.type_before as type_changed, b.told, b.again
    ), told as (
      insert into assay.event (type, status, revision, subject, path, detail)
      select ${eventTypes['asset.processed']}, status - ${assetStatuses.indexOf('SUCCESS')}, revision, uuid, path,
        case when again then coalesce(left(told, -1) || ',', '{') || '"again":true}' else told end
      from settled
    )
    select id, fold_hash, type_changed from settled`.execute(trx)
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
        ${ids.map((id) => updated.get(id)!.fold_hash)}::bigint[], ${ids.map((id) => updated.get(id)!.type_changed)}::boolean[])
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
  await sql`
    delete from assay.reference_edge e using (
      select r.asset_id, unnest(r.edges) as target from assay.asset_result r where r.asset_id = any(${settled.map((s) => s.claim.id)}::bigint[])
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
