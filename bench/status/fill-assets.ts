import { foldHash } from '../../src/model/fold-hash.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'

export const root = '/content/dam/bench'
export const groups = 50
export const foldersPerGroup = 20
const assetsPerStatement = 25_000

export const groupPath = (group: number) => `${root}/group-${String(group).padStart(2, '0')}`
export const folderPath = (group: number, folder: number) => `${groupPath(group)}/folder-${String(folder).padStart(2, '0')}`

/** Settled assets, evenly in {@link groups} times {@link foldersPerGroup} folders, written past the server: receiving a million takes an hour. */
export async function fillAssets(database: DatabaseConnection, assets: number): Promise<void> {
  const folders = Array.from({ length: groups * foldersPerGroup }, (_, index) => folderPath(index % groups, Math.floor(index / groups)))
  const all = [root, ...Array.from({ length: groups }, (_, group) => groupPath(group)), ...folders]
  const hashes = all.map(foldHash)
  await database.executeSql('insert into assay.folder (path, fold_hash) select * from unnest($1::text[], $2::bigint[])', [all, hashes])
  for (let from = 0; from < assets; from += assetsPerStatement) {
    await database.executeSql(
      `insert into assay.asset (uuid, path, fold_hash, revision, status, type, size, sha256, blob_key, media_type, error_count, settled_at)
       select 'GUID-' || gen_random_uuid(), ($3::text[])[1 + n % array_length($3::text[], 1)] || '/asset-number-' || lpad(n::text, 7, '0') || '.dita',
         hashtextextended(n::text, 0) / 1024, 1, case when n % 50 = 0 then 3 else 2 end, 0, 5500, sha256(n::text::bytea), 'none', 'application/xml',
         case when n % 50 = 0 then 1 else 0 end, now()
       from generate_series($1::int, $2::int) as n`,
      [from, Math.min(from + assetsPerStatement, assets) - 1, folders],
    )
  }
  await database.executeSql('analyze assay.asset')
}
