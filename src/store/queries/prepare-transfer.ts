import type { Transaction } from 'kysely'
import { type AssetPath, covers, nameOf, parentOf, pathKey, repositoryRoot } from '../../model/asset-path.ts'
import { maxPathBytes } from '../../model/limits.ts'
import type { TransferOrder, TransferOutcome } from '../../processing/tree-ports.ts'
import type { Schema } from '../schema-types.ts'
import { findStoredPaths } from './find-stored-paths.ts'
import { lockAllNames } from './lock-names.ts'
import { removeAssets } from './remove-assets.ts'
import { longestBelow } from './subtree.ts'

/** What is to be moved or copied, and where to, in stored spellings; nothing is at `destination` any more. */
export interface Transfer {
  readonly source: string
  readonly destination: string
  readonly replaces: boolean
}

/** What is moved or copied, where to, and by whom. */
export type TransferredSubtree = Pick<Transfer, 'source' | 'destination'> & Pick<TransferOrder, 'actor'>

/** Looks whether a move or a copy is possible, and makes room for it. Until the end of the transaction nobody else creates or removes a name. */
export async function prepareTransfer(
  trx: Transaction<Schema>,
  order: TransferOrder,
): Promise<Transfer | Exclude<TransferOutcome, 'created' | 'replaced'>> {
  await lockAllNames(trx)
  const parent = parentOf(order.destination)
  const stored = await findStoredPaths(trx, [order.source, order.destination, parent])
  const source = stored.get(pathKey(order.source))?.path
  if (source === undefined) return 'source-missing'
  const above = stored.get(pathKey(parent))
  if (above?.kind !== 'folder') return above ? 'asset-above' : 'parent-missing'
  const present = stored.get(pathKey(order.destination))
  const destination = present?.path ?? `${above.path}/${nameOf(order.destination)}`
  if (covers(source, destination) || covers(destination, source) || destination === repositoryRoot) return 'into-itself'
  if (present && !order.overwrite) return 'exists'
  if ((await longestBelow(trx, source)) - Buffer.byteLength(source) + Buffer.byteLength(destination) > maxPathBytes) return 'too-long'
  if (present) await removeAssets(trx, destination as AssetPath, { actor: order.actor })
  return { source, destination, replaces: present !== undefined }
}
