import { type Kysely, sql } from 'kysely'
import { type AssetPath, parentOf, pathKey } from '../../model/asset-path.ts'
import { foldHash } from '../../model/fold-hash.ts'
import type { Schema } from '../schema-types.ts'
import { findStoredPaths, type StoredPath } from './find-stored-paths.ts'

/** Any number: the class of these advisory locks. */
const lockClass = 407_203
/** Stands for all names: shared by who creates some, taken alone by who removes any. */
const allNames = 0

/**
 * What is stored at `paths`, and until the end of the transaction nobody else creates one of those that are missing, in any Unicode form, as
 * asset or as folder: names of one folder are created by one transaction at a time, and none is removed meanwhile. Unique indexes cannot
 * see to it: an asset and a folder are rows of two tables, and two Unicode forms are two keys. `isAlone`: there is no other transaction at
 * the same time, so there is nobody to lock out (two statements less of the ten that a small upload takes on the embedded database).
 */
export async function lockMissingNames(
  trx: Kysely<Schema>,
  paths: readonly AssetPath[],
  isAlone = false,
): Promise<Map<string, StoredPath>> {
  if (isAlone) return findStoredPaths(trx, paths)
  const locked = new Set<number>()
  for (;;) {
    const stored = await findStoredPaths(trx, paths)
    const folders = new Set(paths.filter((path) => !stored.has(pathKey(path))).map((path) => lockKey(parentOf(path))))
    const keys = [...folders.difference(locked)].sort((a, b) => a - b)
    if (keys.length === 0) return stored
    await sql`
      select pg_advisory_xact_lock_shared(${lockClass}::integer, ${allNames}::integer), pg_advisory_xact_lock(${lockClass}::integer, key)
      from (select key from unnest(${keys}::integer[]) as k(key) order by key) k`.execute(trx)
    for (const key of keys) locked.add(key)
  }
}

/** Until the end of the transaction nobody else creates or removes any name. */
export async function lockAllNames(trx: Kysely<Schema>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockClass}::integer, ${allNames}::integer)`.execute(trx)
}

/** Equal keys of different folders merely make their creators wait for one another. */
function lockKey(folder: AssetPath): number {
  return (foldHash(folder) % 0x7fffffff) + 1
}
