import { CompletedUpload, CompleteUploadForm } from '../../../contract/dam/direct-upload.ts'
import { ApiError } from '../../../contract/errors.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { maxUploadFormBytes, maxVersionLabelCharacters } from '../../../model/limits.ts'
import { UploadSignatures } from '../../auth/upload-signatures.ts'
import { pathInFolder } from '../../input/file-name.ts'
import { parseFileSize } from '../../input/file-size.ts'
import { uploadMediaType } from '../../input/media-type.ts'
import { missingField } from '../../input/missing-field.ts'
import { readFields } from '../../input/read-fields.ts'
import { postFolderOperation } from '../../plugins/folder-operations.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { conflictError } from '../dam/conflict-error.ts'

const operation = 'completeUpload.json'
const fieldNames = new Set(Object.keys(CompleteUploadForm.properties))

type Fields = ReadonlyMap<string, string>

/**
 * `POST /content/dam/….completeUpload.json`: the parts of a file become a revision of its asset. Always answers JSON, without which
 * Adobe's clients report a failure. Completing an upload again, because the first answer was lost, changes nothing.
 */
export function completeUpload(server: Server, services: HttpServices): void {
  const signatures = new UploadSignatures(services.uploadKey)
  postFolderOperation(
    server,
    operation,
    {
      config: { scope: 'write' },
      schema: {
        tags: ['dam'],
        summary: 'Complete a direct upload',
        body: { content: { 'application/x-www-form-urlencoded': { schema: CompleteUploadForm } } },
        response: { 200: CompletedUpload, 400: ProblemDetails, 404: ProblemDetails, 409: ProblemDetails, 415: ProblemDetails },
      },
    },
    async (request, _reply, folder) => {
      const body = await readFields(request, { limitBytes: maxUploadFormBytes, json: false, isField: (name) => fieldNames.has(name) })
      const fields: Fields = new Map(body.form === 'pairs' ? body.pairs : [])
      const path = pathInFolder(folder, requireField(fields, 'fileName'), '/fileName')
      const size = parseFileSize(requireField(fields, 'fileSize'), '/fileSize')
      const upload = signatures.readToken(requireField(fields, 'uploadToken'), path)
      const remark = JSON.stringify(versionOf(fields))
      const receipt = await services.uploads.complete({
        upload,
        path,
        size,
        mediaType: uploadMediaType(fields.get('mimeType') ?? null),
        remark,
        actor: request.identity!.name,
      })
      if (receipt === null || receipt.outcome === 'skipped') return { path, outcome: 'repeated' as const }
      const { outcome, uuid, revision, conflict } = receipt
      if (outcome === 'conflict') throw conflictError(conflict)
      return { path: receipt.path, outcome, uuid, revision }
    },
  )
}

function requireField(fields: Fields, name: string): string {
  const value = fields.get(name)
  if (value !== undefined && value !== '') return value
  throw missingField(name)
}

/** What is said about the version. A wish for a new version wins over a wish to replace the asset: both make a revision here. */
function versionOf(fields: Fields) {
  const createVersion = fields.get('createVersion') === 'true'
  const replace = !createVersion && fields.get('replace') === 'true'
  return { createVersion, replace, ...textOf(fields, 'versionLabel'), ...textOf(fields, 'versionComment') }
}

function textOf(fields: Fields, name: string): Record<string, string> {
  const text = fields.get(name) ?? ''
  if (text.length > maxVersionLabelCharacters) {
    const detail = `must have at most ${maxVersionLabelCharacters} characters`
    throw new ApiError('invalidInput', `The field "${name}" is too long.`, { errors: [{ pointer: `/${name}`, detail }] })
  }
  return text === '' ? {} : { [name]: text }
}
