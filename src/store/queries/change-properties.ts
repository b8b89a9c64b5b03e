import { sql, type Transaction } from 'kysely'
import { type AssetPath, pathKey } from '../../model/asset-path.ts'
import { maxToldNames } from '../../model/event-limits.ts'
import { eventTypes, systemActor } from '../../model/event-type.ts'
import { changeProperties as merge, type PropertyChanges, parseProperties } from '../../model/properties.ts'
import type { Actor } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'
import { findStoredPaths } from './find-stored-paths.ts'
import { writeEvents } from './write-events.ts'

/** Changes the properties of the asset or folder at `path`; `false` when neither is there. Throws InvalidPropertyError. */
export async function changeProperties(
  trx: Transaction<Schema>,
  path: AssetPath,
  changes: PropertyChanges,
  actor: Actor,
): Promise<boolean> {
  const stored = (await findStoredPaths(trx, [path])).get(pathKey(path))
  if (!stored) return false
  const table = stored.kind === 'asset' ? 'assay.asset' : 'assay.folder'
  const row = await trx.selectFrom(table).where('path', '=', stored.path).select('properties').forUpdate().executeTakeFirst()
  if (!row) return false
  const properties = JSON.stringify(merge(parseProperties(JSON.parse(row.properties ?? '{}')), changes))
  await trx.updateTable(table).set({ properties }).where('path', '=', stored.path).execute()
  const names = Object.keys(changes)
  const detail = { changed: names.slice(0, maxToldNames), count: names.length }
  if (stored.kind === 'asset') {
    await sql`
      insert into assay.event (type, revision, actor, subject, path, detail)
      select ${eventTypes['asset.described']}, revision, ${actor ?? null}::text, uuid, path,
        ${JSON.stringify(detail)}::text from assay.asset where path = ${stored.path}`.execute(trx)
  } else await writeEvents(trx, [{ type: 'folder.described', actor: actor ?? systemActor, path: stored.path, detail }])
  return true
}
