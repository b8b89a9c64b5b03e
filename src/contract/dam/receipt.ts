import { type Static, Type } from 'typebox'

/** What became of an upload. `unchanged`: the same bytes again, so no new revision. */
export const UploadReceipt = Type.Object({
  path: Type.String({ description: 'The stored spelling of the path.' }),
  uuid: Type.String(),
  revision: Type.Integer(),
  outcome: Type.Enum(['created', 'updated', 'unchanged']),
})
export type UploadReceipt = Static<typeof UploadReceipt>

/** What `DELETE` answers. */
export const Removal = Type.Object({
  path: Type.String(),
  removedAssets: Type.Integer({ description: 'How many assets are gone: one, or all below a folder.' }),
})
export type Removal = Static<typeof Removal>
