import multipart, { type Multipart } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../contract/errors.ts'
import { maxUploadBytes } from '../../model/limits.ts'
import type { Server } from '../server.ts'

/** Fields are few and short; a name is a path at most. */
const fieldLimits = { fields: 20, fieldSize: 8192, fieldNameSize: 100, headerPairs: 100 }

/** Lets the routes of this scope read `multipart/form-data` with so many files by {@link partsOf}. */
export async function takeMultipart(server: Server, files: number): Promise<void> {
  await server.register(multipart, {
    preservePath: true,
    throwFileSizeLimit: true,
    limits: { ...fieldLimits, fileSize: maxUploadBytes, files, parts: files + fieldLimits.fields },
  })
}

/** The parts of a multipart body in order; each file must be read before the next part comes. Throws an ApiError for what is no such body. */
export async function* partsOf(request: FastifyRequest): AsyncGenerator<Multipart> {
  const { raw, bodySignal } = request
  // The parser reads from the connection by itself; ending that is the only way to stop it.
  bodySignal?.addEventListener('abort', () => raw.destroy())
  try {
    yield* readable(request.parts())
  } finally {
    // Where a part is left in the middle, the bytes that follow would wait for a reader, and in front of them whoever is to read the answer.
    if (!raw.readableEnded) raw.unpipe().resume()
  }
}

/** Errors of the parser are errors of the body; those that say how it must be answered keep that. */
export async function* readable<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* items
  } catch (cause) {
    if (cause instanceof Error && 'statusCode' in cause) throw cause
    throw new ApiError('malformedBody', 'The multipart body breaks off, or is none.', { cause })
  }
}
