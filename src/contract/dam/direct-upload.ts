import { type Static, Type } from 'typebox'

/** Fields of `initiateUpload.json`: names and sizes in the same order, interleaved or one after the other. */
export const InitiateUploadForm = Type.Object({
  fileName: Type.Array(Type.String(), { description: 'Repeated: a name for each file.' }),
  fileSize: Type.Array(Type.Integer({ minimum: 0 }), { description: 'Repeated: the bytes of each file.' }),
})

/** Where the parts of a file go. Fewer parts than addresses are as good; each but the last has at least `minPartSize` bytes. */
const InitiatedFile = Type.Object({
  fileName: Type.String(),
  mimeType: Type.String(),
  uploadToken: Type.String(),
  uploadURIs: Type.Array(Type.String(), { description: 'Absolute, and to be used without a credential: each takes one part by PUT.' }),
  minPartSize: Type.Integer(),
  maxPartSize: Type.Integer(),
})

/** The answer to `initiateUpload.json`: files in the order of the request. */
export const InitiatedUpload = Type.Object({
  completeURI: Type.String({ description: 'Not percent-encoded, as AEM gives it.' }),
  folderPath: Type.String(),
  files: Type.Array(InitiatedFile),
})
export type InitiatedUpload = Static<typeof InitiatedUpload>

const Flag = Type.Optional(Type.Enum(['true', 'false']))

/** Fields of `completeUpload.json`. What is said about the version is kept with the event of the revision. */
export const CompleteUploadForm = Type.Object({
  fileName: Type.String(),
  fileSize: Type.Integer({ minimum: 0 }),
  uploadToken: Type.String(),
  mimeType: Type.Optional(Type.String()),
  createVersion: Flag,
  versionLabel: Type.Optional(Type.String()),
  versionComment: Type.Optional(Type.String()),
  replace: Flag,
  uploadDuration: Type.Optional(Type.Integer({ minimum: 0, description: 'Milliseconds.' })),
})

/** What became of a completed upload. Completing it again answers the same with the outcome `repeated`. */
export const CompletedUpload = Type.Object({
  path: Type.String(),
  outcome: Type.Enum(['created', 'updated', 'unchanged', 'repeated']),
  uuid: Type.Optional(Type.String()),
  revision: Type.Optional(Type.Integer()),
})
export type CompletedUpload = Static<typeof CompletedUpload>
