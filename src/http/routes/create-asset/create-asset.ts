import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ApiError } from '../../../contract/errors.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import type { AssetPath } from '../../../model/asset-path.ts'
import { pathInFolder } from '../../input/file-name.ts'
import { parseFileSize } from '../../input/file-size.ts'
import { uploadMediaType } from '../../input/media-type.ts'
import { missingField } from '../../input/missing-field.ts'
import { type FileForm, readFileForm } from '../../input/read-file-form.ts'
import { postFolderOperation } from '../../plugins/folder-operations.ts'
import { presentCreatedAsset } from '../../present/created-asset.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { conflictError } from '../dam/conflict-error.ts'
import { requireFolder } from '../dam/require-folder.ts'

const operation = 'createasset.html'

const Form = Type.Object({
  file: Type.String({ format: 'binary' }),
  fileName: Type.Optional(Type.String({ description: 'Instead of the name that the file has in the form.' })),
  'file@Offset': Type.Optional(Type.Integer({ description: 'Of a chunk: the place of its first byte.' })),
  'chunk@Length': Type.Optional(Type.Integer({ description: 'Of a chunk: its bytes.' })),
  'file@Length': Type.Optional(Type.Integer({ description: 'Of a chunk: the bytes of the whole file.' })),
})

const Page = { description: 'The asset is there.', content: { 'text/html': { schema: Type.String() } } }

/**
 * `POST /content/dam/….createasset.html`: a file from a form becomes an asset of the folder, whole or in chunks that come one after
 * another. It is what Adobe's clients use where there is no direct upload, and what scripts for AEM 6 send.
 */
export function createAsset(server: Server, services: HttpServices): void {
  postFolderOperation(
    server,
    operation,
    {
      config: { scope: 'write', body: 'upload' },
      schema: {
        tags: ['dam'],
        summary: 'Upload an asset by a form',
        body: { content: { 'multipart/form-data': { schema: Form } } },
        response: { 200: Page, 404: ProblemDetails, 409: ProblemDetails },
      },
    },
    async (request, reply, folder) => {
      await requireFolder(services, folder)
      const { fields, file } = await readFileForm(request, services)
      if (!file) throw missingField('file')
      const path = pathInFolder(folder, fields.get('fileName') ?? file.name, '/file')
      await receive(request, services, path, { fields, file })
      return reply.type('text/html; charset=utf-8').send(presentCreatedAsset(path))
    },
  )
}

async function receive(request: FastifyRequest, services: HttpServices, path: AssetPath, form: Required<FileForm>): Promise<void> {
  const { mediaType: claimed, taken } = form.file!
  const actor = request.identity!.name
  const chunk = chunkOf(form)
  const receipt = chunk
    ? await services.receiveChunk({ path, mediaType: uploadMediaType(chunkedType(request) ?? claimed), actor, taken, ...chunk })
    : await services.receive({ path, mediaType: uploadMediaType(claimed), onConflict: 'overwrite', actor, taken })
  if (typeof receipt === 'object' && receipt.outcome === 'conflict') throw conflictError(receipt.conflict)
}

/** Place and length of the file, where the form holds a chunk of it. Throws an ApiError for a chunk that is not as long as it says. */
function chunkOf({ fields, file }: FileForm): { offset: number; total: number } | null {
  const [offset, length, total] = ['file@Offset', 'chunk@Length', 'file@Length'].map((name) => fields.get(name))
  if (offset === undefined && length === undefined && total === undefined) return null
  if (offset === undefined) throw missingField('file@Offset')
  if (total === undefined) throw missingField('file@Length')
  const size = file!.taken.size
  if (length !== undefined && parseFileSize(length, '/chunk@Length') !== size) {
    const errors = [{ pointer: '/chunk@Length', detail: `is ${length}, but the file has ${size} bytes` }]
    throw new ApiError('invalidInput', 'The chunk has another length than it says.', { errors })
  }
  return { offset: parseFileSize(offset, '/file@Offset'), total: parseFileSize(total, '/file@Length') }
}

/** In the form a chunk is always `application/octet-stream`. */
function chunkedType({ headers }: FastifyRequest): string | null {
  const type = headers['x-chunked-content-type']
  return typeof type === 'string' ? type : null
}
