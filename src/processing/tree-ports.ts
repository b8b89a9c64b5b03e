import type { AssetPath } from '../model/asset-path.ts'
import type { PropertyChanges } from '../model/properties.ts'
import type { Actor } from './ports.ts'

/** What to move or copy, an asset or a folder with all below it, and where to. */
export interface TransferOrder {
  readonly source: AssetPath
  readonly destination: AssetPath
  /** Remove what is at the destination first. */
  readonly overwrite: boolean
  readonly actor?: Actor
}

/** What became of a move or a copy: all of it is done (`replaced`: something was at the destination), or nothing is. */
export type TransferOutcome =
  | 'created'
  | 'replaced'
  | 'source-missing'
  | 'parent-missing'
  | 'asset-above'
  | 'exists'
  | 'into-itself'
  | 'too-long'

/** Changes of whole trees, each of them one transaction, and of properties. */
export interface TreeStore {
  /** UUIDs and revisions stay; the assets are post-processed again, since their relative references lead elsewhere. */
  move(order: TransferOrder): Promise<TransferOutcome>
  /** Copies have UUIDs of their own. `shallow`: of a folder nothing that is in it. */
  copy(order: TransferOrder, shallow: boolean): Promise<TransferOutcome>
  /** Changes the properties of an asset or a folder; `false`: neither is at the path. Rejects with `InvalidPropertyError`. */
  changeProperties(path: AssetPath, changes: PropertyChanges, actor?: Actor): Promise<boolean>
}
