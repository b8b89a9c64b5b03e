import { type Static, Type } from 'typebox'

const StatusCounts = Type.Object({
  PENDING: Type.Integer(),
  PROCESSING: Type.Integer(),
  SUCCESS: Type.Integer(),
  FAILURE: Type.Integer(),
})

/** A folder with how many assets of each status are in it and below it. */
export const FolderSummary = Type.Object({
  path: Type.String(),
  name: Type.String(),
  assets: Type.Integer(),
  ignored: Type.Integer({
    description: 'Of the assets, those that path rules keep from being post-processed: they are in no status count.',
  }),
  statusCounts: StatusCounts,
})
export type FolderSummary = Static<typeof FolderSummary>

/** A folder and its direct subfolders, by name. */
export const FolderListing = Type.Object({
  ...FolderSummary.properties,
  folders: Type.Array(FolderSummary),
})
export type FolderListing = Static<typeof FolderListing>

/** A folder to create, with those above it. */
export const CreateFolderRequest = Type.Object({ path: Type.String({ minLength: 1 }) }, { additionalProperties: false })

/** Whether the folder was created now or was there before. */
export const CreatedFolder = Type.Object({ path: Type.String(), outcome: Type.Enum(['created', 'exists']) })
export type CreatedFolder = Static<typeof CreatedFolder>
