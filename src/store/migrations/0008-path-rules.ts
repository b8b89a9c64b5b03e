import { type Kysely, sql } from 'kysely'
import { pathRuleLock } from '../path-rule-lock.ts'

/**
 * Which paths are post-processed: one row, whose version grows with each change, and for each asset what they say of it. That column is decided
 * when a path is given or the rules change; it has no index, so that its updates stay within their page. `recheck`: the paths at and below
 * which assets are still to be decided by the rules of this version, in their order, after `recheck_after`; `null` once all are.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  'alter table assay.asset add column is_ignored boolean not null default false',
  'alter table assay.status_job add column ignored integer',
  `create table assay.path_rules (
    id smallint primary key default 1 check (id = 1),
    version integer not null default 1,
    ignored text[] not null,
    enabled text[] not null,
    changed_at timestamptz,
    changed_by text,
    recheck text[],
    recheck_after text collate "C" not null default '',
    newly_ignored integer not null default 0,
    newly_enabled integer not null default 0
  )`,
  `insert into assay.path_rules (ignored, enabled, recheck)
    select array['/content/dam/projects/translation_output'], array['/content/dam'], case when exists (select from assay.asset) then array['/'] end`,
  // Within the function each statement sees what was committed before it began: the version is the one that the lock keeps in force.
  `create function assay.hold_path_rules() returns integer language plpgsql as $$
  begin
    perform pg_advisory_xact_lock_shared(${pathRuleLock.lockClass}, ${pathRuleLock.key});
    return (select version from assay.path_rules);
  end $$`,
]
