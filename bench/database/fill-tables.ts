import type { DatabaseConnection } from '../../src/store/database.ts'

/** Ids of what is asked for by id. */
export const known = {
  run: '00000000-0000-4000-8000-000000000001',
  webhook: '00000000-0000-4000-8000-00000000000a',
  worker: '00000000-0000-4000-8000-00000000000b',
} as const

/** Beside assets: their contents, results, edges and events, and runs, webhooks and status jobs, as a server has them after months. */
const fills: readonly string[] = [
  `insert into assay.content_pack (bytes) select '\\x00' from generate_series(1, (select count(*) / 200 from assay.asset))`,
  `update assay.asset a set pack_id = 1 + (a.id - 1) / 200, pack_offset = (a.id % 200)::integer, blob_key = null, title = 'Title of ' || a.id,
    warning_count = case when a.id % 5 = 0 then 1 else 0 end, type = (a.id % 3)::smallint`,
  `insert into assay.asset_result (asset_id, revision, facts, problems, reference_problems, reference_values, reference_states, targets,
      targets_digest, own_warnings, own_infos, edges, edge_kinds)
    select a.id, 1, '{}', case when a.status = 3 then '[{"code":"NOT_WELL_FORMED","severity":"error"}]' else '[]' end,
      case when a.id % 5 = 0 then '[{"code":"REF_TARGET_MISSING","severity":"warning"}]' else '[]' end, '["a.dita"]', '["ok"]', '{}', 'd', 0, 0,
      array[b.fold_hash, hub.fold_hash], '01'
    from assay.asset a join assay.asset b on b.id = 1 + (a.id * 7919) % (select max(id) from assay.asset)
      cross join (select fold_hash from assay.asset where id = 1) hub`,
  `insert into assay.reference_edge (target, source, kind)
    select distinct on (target, r.asset_id) target, r.asset_id, kind from assay.asset_result r, unnest(r.edges, array[0, 1]) as e(target, kind)
    where target is not null and kind is not null`,
  `insert into assay.event (at, type, status, revision, actor, subject, path)
    select now() - (n || ' seconds')::interval, 1 + n % 3, 2, 1, case when n % 50 = 0 then 'admin' end, a.uuid, a.path
    from generate_series((select 2 * count(*) from assay.asset), 1, -1) n
      join assay.asset a on a.id = 1 + n % (select max(id) from assay.asset)`,
  `insert into assay.run (id, status, path, excluded, selection, received_before, created_by, started_at, finished_at, all_taken, taken, succeeded, total)
    select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 2, '/content/dam/bench', '{}', 0, now(), 'admin', now(), now(), true, 500, 500, 500
    from generate_series(1, 200) n`,
  `insert into assay.run_batch (run_id, number, assets, revisions, paths, former_status, former_settled_at, outcomes, closed_at)
    select '${known.run}', (a.id / 500)::integer, array_agg(a.id order by a.id), array_agg(1 order by a.id), array_agg(a.path order by a.id),
      array_agg(2::smallint order by a.id), array_agg(now() order by a.id),
      string_agg(case when a.status = 3 then 'F' else 'S' end, '' order by a.id), now()
    from assay.asset a group by a.id / 500`,
  `insert into assay.run_log (run_id, number, line) select '${known.run}', n, 'a line' from generate_series(1, 10000) n`,
  `insert into assay.webhook (id, url, description, format, secret, enabled, position, worker, created_by)
    select case when n = 0 then '${known.webhook}' else gen_random_uuid() end, 'https://example.com', '', 'cloudevents', 's', true, 0,
      case when n < 10 then '${known.worker}'::uuid end, 'admin' from generate_series(0, 19) n`,
  `insert into assay.webhook_delivery (webhook, position, message, type, path, body, status, next_try_at, finished_at)
    select w.id, n, 'm' || n, 'assay.asset.processed', '/content/dam/bench/a.dita', '{}', case when n % 100 = 0 then 0 when n % 20 = 0 then 2 else 1 end,
      case when n % 100 = 0 then now() + (n % 300 - 150 || ' minutes')::interval end, case when n % 100 <> 0 then now() end
    from assay.webhook w, generate_series(1, 2000) n`,
  `insert into assay.status_job (id, status, included, excluded, created_by, finished_at, expires_at, total, counts, etag)
    select gen_random_uuid(), 2, '{/content/dam}', '{}', 'admin', now(), now() + (n || ' minutes')::interval, 10, '{0,0,10,0}', 'e'
    from generate_series(1, 2000) n`,
  `insert into assay.status_job_chunk (job_id, number, gzip, bytes, assets, counts) select id, 0, '\\x00', 100, 10, '{0,0,10,0}' from assay.status_job`,
  `insert into assay.target_change (target, existence) select fold_hash, true from assay.asset order by id limit 1000`,
  `insert into assay.upload_part (upload, number, size, sha256, pack_id, pack_offset)
    select gen_random_uuid(), 0, 1, sha256('a'), n, 0 from generate_series(1, 200) n`,
]

/** Fills all tables but those of assets and folders, which are filled already. */
export async function fillTables(database: DatabaseConnection): Promise<void> {
  for (const fill of fills) await database.executeSql(fill)
  await database.executeSql('vacuum full assay.asset')
  await database.executeSql('analyze')
}
