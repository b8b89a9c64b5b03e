import { type Kysely, sql } from 'kysely'
import { pathKey } from '../../model/asset-path.ts'
import { subtractPaths } from '../../model/path-ranges.ts'
import type { Schema } from '../schema-types.ts'
import { findStoredPaths } from './find-stored-paths.ts'

/** An asset of which it is to be decided whether it is ignored. */
export interface UndecidedAsset {
  readonly id: number
  readonly path: string
  readonly is_ignored: boolean
}

/** The next assets at and below the paths (in any Unicode form), in path order after the path `after`. */
export async function listUndecidedAssets(
  db: Kysely<Schema>,
  paths: readonly string[],
  after: string,
  limit: number,
): Promise<UndecidedAsset[]> {
  const stored = await findStoredPaths(db, paths)
  const ranges = subtractPaths(
    paths.map((path) => stored.get(pathKey(path))?.path ?? path),
    [],
  )
  const { rows } = await sql<UndecidedAsset>`
    select a.* from unnest(${ranges.map(({ lo }) => lo)}::text[], ${ranges.map(({ hi }) => hi)}::text[]) as r(lo, hi)
    cross join lateral (
      select id, path, is_ignored from assay.asset where path >= r.lo and path < r.hi and path > ${after} order by path limit ${limit}
    ) a
    limit ${limit}`.execute(db)
  return rows
}
