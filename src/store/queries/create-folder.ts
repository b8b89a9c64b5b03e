import type { Transaction } from 'kysely'
import { type AssetPath, parentOf, pathKey } from '../../model/asset-path.ts'
import { systemActor } from '../../model/event-type.ts'
import type { AssetStore, NewFolder } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'
import { ensureFolders, foldersAbove, storedSpelling } from './ensure-folders.ts'
import { lockMissingNames } from './lock-names.ts'
import { writeEvents } from './write-events.ts'

/** Creates a folder where neither a folder nor an asset is. */
export async function createFolder(
  trx: Transaction<Schema>,
  path: AssetPath,
  { parents = true, properties = null, actor = systemActor }: NewFolder = {},
): ReturnType<AssetStore['createFolder']> {
  const above = foldersAbove(path)
  const stored = await lockMissingNames(trx, [path, ...above])
  if (stored.get(pathKey(path))?.kind === 'folder') return 'exists'
  if ([path, ...above].some((one) => stored.get(pathKey(one))?.kind === 'asset')) return 'conflict'
  if (!parents && !stored.has(pathKey(parentOf(path)))) return 'no-parent'
  const folder = storedSpelling(path, stored)
  await ensureFolders(trx, [folder])
  if (properties !== null) await trx.updateTable('assay.folder').set({ properties }).where('path', '=', folder).execute()
  await writeEvents(trx, [{ type: 'folder.created', actor, path: folder }])
  return 'created'
}
