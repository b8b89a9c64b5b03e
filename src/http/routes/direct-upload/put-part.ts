import { type Static, Type } from 'typebox'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { UploadSignatures } from '../../auth/upload-signatures.ts'
import { announcedBytes } from '../../input/announced-bytes.ts'
import { incomingContent } from '../../input/incoming-content.ts'
import { refuseContentEncoding } from '../../input/read-body.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

const Params = Type.Object({ upload: Type.String(), number: Type.String() })
const Query = Type.Object({ limit: Type.String(), expires: Type.String(), signature: Type.String() })

/**
 * `PUT /uploads/…`: takes one part of a direct upload. Its signed address is all that the caller needs, so that parts are sent without a
 * credential, as to a cloud's store. A part may be sent again: the last one counts.
 */
export function putPart(server: Server, services: HttpServices): void {
  const signatures = new UploadSignatures(services.uploadKey)
  server.put<{ Params: Static<typeof Params>; Querystring: Static<typeof Query> }>(
    '/uploads/:upload/:number',
    {
      config: { scope: 'public', body: 'upload' },
      // An address that is not whole has no valid signature, and says so.
      validatorCompiler: () => () => true,
      schema: {
        tags: ['dam'],
        summary: 'Upload a part to its signed address',
        params: Params,
        querystring: Query,
        body: { content: { 'application/octet-stream': { schema: Type.String({ format: 'binary' }) } } },
        response: { 201: Type.Null({ description: 'The part is durable.' }), 403: ProblemDetails, 413: ProblemDetails },
      },
    },
    async (request, reply) => {
      const { upload, number } = request.params
      const { limit = '', expires = '', signature = '' } = request.query
      signatures.checkPartAddress({ upload, number, limit, expires, signature })
      refuseContentEncoding(request)
      const limitBytes = Number(limit)
      const expectedBytes = announcedBytes(request, limitBytes)
      const content = await incomingContent(request, services, expectedBytes)
      await services.uploads.receivePart({ ...content, upload, number: Number(number), limitBytes })
      return reply.code(201).send()
    },
  )
}
