import { type Kysely, sql } from 'kysely'
import { pathKey } from '../../model/asset-path.ts'
import { foldHash } from '../../model/fold-hash.ts'
import type { Schema } from '../schema-types.ts'

/** What is stored at a path, in its stored spelling. */
export interface StoredPath {
  readonly path: string
  readonly kind: 'asset' | 'folder'
}

/**
 * Which of `paths` are assets or folders, by the NFC key of the path: any Unicode form finds the one that is stored.
 * One query for all of them.
 */
export async function findStoredPaths(db: Kysely<Schema>, paths: Iterable<string>): Promise<Map<string, StoredPath>> {
  const keys = new Set([...paths].map(pathKey))
  if (keys.size === 0) return new Map()
  const hashes = [...new Set([...keys].map(foldHash))]
  const { rows } = await sql<{ path: string; is_asset: boolean }>`
    select path, true as is_asset from assay.asset where fold_hash = any(${hashes}::bigint[])
    union all
    select path, false from assay.folder where fold_hash = any(${hashes}::bigint[])`.execute(db)
  const found = new Map<string, StoredPath>()
  for (const row of rows) {
    const key = pathKey(row.path)
    if (keys.has(key)) found.set(key, { path: row.path, kind: row.is_asset ? 'asset' : 'folder' })
  }
  return found
}
