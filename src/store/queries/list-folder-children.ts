import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** How many assets of a status are in or below a child folder; `child` is `null` for the assets of the folder itself. */
export interface ChildCount {
  readonly child: string | null
  /** Index into `assetStatuses`. */
  readonly status: number
  readonly is_ignored: boolean
  readonly assets: number
}

/** The names of the direct subfolders of a folder in its stored spelling, and the counts of all assets below it. Two range scans. */
export async function listFolderChildren(
  db: Kysely<Schema>,
  folder: string,
): Promise<{ readonly names: readonly string[]; readonly counts: readonly ChildCount[] }> {
  const below = folder === '/' ? '/' : `${folder}/`
  const end = `${below.slice(0, -1)}0`
  const { rows: folders } = await sql<{ name: string }>`
    select substr(path, char_length(${below}) + 1) as name from assay.folder
    where path > ${below} and path < ${end} and position('/' in substr(path, char_length(${below}) + 1)) = 0
    order by path`.execute(db)
  const { rows: counts } = await sql<ChildCount>`
    select case when position('/' in rest) > 0 then split_part(rest, '/', 1) end as child, status, is_ignored, count(*) as assets
    from (select substr(path, char_length(${below}) + 1) as rest, status, is_ignored from assay.asset where path > ${below} and path < ${end}) below
    group by 1, 2, 3`.execute(db)
  return { names: folders.map((row) => row.name), counts }
}
