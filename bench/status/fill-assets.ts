import { foldHash } from '../../src/model/fold-hash.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'

export const root = '/content/dam/bench'
export const groups = 50
export const foldersPerGroup = 20
const assetsPerStatement = 25_000

export const groupPath = (group: number) => `${root}/group-${String(group).padStart(2, '0')}`
export const folderPath = (group: number, folder: number) => `${groupPath(group)}/folder-${String(folder).padStart(2, '0')}`

/**
 * Settled assets, evenly in {@link groups} times {@link foldersPerGroup} folders, one folder after another as an import leaves them. Written past the
 * server: receiving a million takes an hour.
 */
export async function fillAssets(database: DatabaseConnection, assets: number): Promise<void> {
  const folders = Array.from({ length: groups * foldersPerGroup }, (_, index) =>
    folderPath(Math.floor(index / foldersPerGroup), index % foldersPerGroup),
  )
  const all = [root, ...Array.from({ length: groups }, (_, group) => groupPath(group)), ...folders]
  const hashes = all.map(foldHash)
  await database.executeSql('insert into assay.folder (path, fold_hash) select * from unnest($1::text[], $2::bigint[])', [all, hashes])
  const buildIndexes = await dropIndexes(database)
  for (let from = 0; from < assets; from += assetsPerStatement) {
    await database.executeSql(
      `insert into assay.asset (uuid, path, fold_hash, revision, status, type, size, sha256, blob_key, media_type, error_count, settled_at)
       select 'GUID-' || gen_random_uuid(), ($3::text[])[1 + n::bigint * array_length($3::text[], 1) / $4::int] || '/asset-number-' || lpad(n::text, 7, '0') || '.dita',
         hashtextextended(n::text, 0) / 1024, 1, case when n % 50 = 0 then 3 else 2 end, 0, 5500, sha256(n::text::bytea), 'none', 'application/xml',
         case when n % 50 = 0 then 1 else 0 end, now()
       from generate_series($1::int, $2::int) as n`,
      [from, Math.min(from + assetsPerStatement, assets) - 1, folders, assets],
    )
  }
  await buildIndexes()
  await database.executeSql('analyze assay.asset')
}

/** Drops what is unique or indexed of assets, but for the primary key, and gives what builds it again: a million rows take a third of the time. */
async function dropIndexes(database: DatabaseConnection): Promise<() => Promise<void>> {
  const { rows: constraints } = await database.executeSql(
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = 'assay.asset'::regclass and contype = 'u'`,
  )
  const drops = constraints.map(({ name }) => `alter table assay.asset drop constraint ${name}`)
  const builds = constraints.map(({ name, definition }) => `alter table assay.asset add constraint ${name} ${definition}`)
  for (const drop of drops) await database.executeSql(drop)
  const { rows: indexes } = await database.executeSql(
    `select indexname as name, indexdef as definition from pg_indexes where schemaname = 'assay' and tablename = 'asset' and indexname <> 'asset_pkey'`,
  )
  for (const { name } of indexes) await database.executeSql(`drop index assay.${name}`)
  return async () => {
    for (const build of [...builds, ...indexes.map(({ definition }) => definition as string)]) await database.executeSql(build)
  }
}
