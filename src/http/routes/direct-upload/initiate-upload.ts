import { randomUUID } from 'node:crypto'
import { InitiatedUpload, InitiateUploadForm } from '../../../contract/dam/direct-upload.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { mediaTypeByName } from '../../../dita/read/media-types.ts'
import { type AssetPath, nameOf } from '../../../model/asset-path.ts'
import { directUploadMs, maxUploadPartBytes, minUploadPartBytes } from '../../../model/limits.ts'
import { UploadSignatures } from '../../auth/upload-signatures.ts'
import { baseUrlOf } from '../../base-url.ts'
import { postFolderOperation } from '../../plugins/folder-operations.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { requireFolder } from '../dam/require-folder.ts'
import { type AnnouncedFile, readAnnouncedFiles } from './read-announced-files.ts'

const operation = 'initiateUpload.json'

/**
 * `POST /content/dam/….initiateUpload.json`: announces files of a folder and gives each the addresses that take its parts. Stores nothing:
 * what is granted is signed, so uploads that are never begun cost nothing.
 */
export function initiateUpload(server: Server, services: HttpServices): void {
  const signatures = new UploadSignatures(services.uploadKey)
  postFolderOperation(
    server,
    operation,
    {
      config: { scope: 'write' },
      schema: {
        tags: ['dam'],
        summary: 'Begin a direct upload',
        body: { content: { 'application/x-www-form-urlencoded': { schema: InitiateUploadForm } } },
        response: { 201: InitiatedUpload, 400: ProblemDetails, 404: ProblemDetails, 413: ProblemDetails, 415: ProblemDetails },
      },
    },
    async (request, reply, path) => {
      const files = await readAnnouncedFiles(request, path)
      await requireFolder(services, path)
      const base = baseUrlOf(request, services)
      const expiresAt = new Date(Date.now() + directUploadMs)
      reply.code(201)
      return {
        completeURI: completeAddress(base, path),
        folderPath: path,
        files: files.map((file) => grant(file, base, expiresAt, signatures)),
      }
    },
  )
}

/**
 * Relative to the server, under the path that a proxy gave it. Clients before 2.0 encode it once more, so only what would end a path is
 * encoded here.
 */
function completeAddress(base: string, folder: AssetPath): string {
  const prefix = new URL(base).pathname.replace(/\/$/, '')
  return `${prefix}${folder.replace(/[%?#]/g, encodeURIComponent)}.completeUpload.json`
}

function grant(
  { path, size }: AnnouncedFile,
  base: string,
  expiresAt: Date,
  signatures: UploadSignatures,
): InitiatedUpload['files'][number] {
  const upload = randomUUID()
  const limitBytes = Math.min(size, maxUploadPartBytes)
  const addresses = Array.from({ length: Math.max(1, Math.ceil(size / maxUploadPartBytes)) }, (_, number) =>
    signatures.createPartAddress({ upload, number, limitBytes, expiresAt }),
  )
  return {
    fileName: nameOf(path),
    mimeType: mediaTypeByName(path),
    uploadToken: signatures.createToken({ upload, expiresAt }, path),
    uploadURIs: addresses.map((address) => base + address),
    minPartSize: minUploadPartBytes,
    maxPartSize: maxUploadPartBytes,
  }
}
