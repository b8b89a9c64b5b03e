import { type Static, Type } from 'typebox'

/** What to do with a file whose path is taken. */
export const conflictRules = ['overwrite', 'skip', 'fail'] as const
export type ConflictRule = (typeof conflictRules)[number]

/** One file of an import: received, or `failed` with the error that a single upload of it would have answered. */
export const ImportedFile = Type.Object({
  name: Type.String({ description: 'The file name as it was sent.' }),
  outcome: Type.Enum(['created', 'updated', 'unchanged', 'skipped', 'failed']),
  path: Type.Optional(Type.String()),
  uuid: Type.Optional(Type.String()),
  revision: Type.Optional(Type.Integer()),
  error: Type.Optional(Type.Object({ status: Type.Integer(), code: Type.String(), detail: Type.String() })),
})
export type ImportedFile = Static<typeof ImportedFile>

/** The answer to an import: 200 even when files failed, because the others are received; `failed` says how many did. */
export const ImportResult = Type.Object({
  target: Type.String(),
  received: Type.Integer({ description: 'Files that are created, updated or unchanged.' }),
  skipped: Type.Integer(),
  failed: Type.Integer(),
  files: Type.Array(ImportedFile),
})
export type ImportResult = Static<typeof ImportResult>
