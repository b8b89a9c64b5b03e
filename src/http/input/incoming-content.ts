import type { FastifyRequest } from 'fastify'
import { maxInlineContentBytes } from '../../model/limits.ts'
import { type TakenContent, takenBytes } from '../../processing/take-in-content.ts'
import type { HttpServices } from '../services.ts'
import { bodyOf, readBody } from './read-body.ts'

/** The body of a request as a content on its way in: one that was read to its end, or one that is read while it comes. */
export type IncomingContent =
  | { readonly taken: TakenContent }
  | { readonly body: AsyncIterable<Uint8Array>; readonly expectedBytes: number | undefined }

/**
 * Takes a body in, `expectedBytes` as `announcedBytes` gives them. A small one is read at once; Node's parser sees to it that it has the announced
 * length. A large one is refused while it would fill the disk.
 */
export async function incomingContent(
  request: FastifyRequest,
  { database }: Pick<HttpServices, 'database'>,
  expectedBytes: number | undefined,
): Promise<IncomingContent> {
  if (expectedBytes === undefined) return { body: bodyOf(request), expectedBytes }
  if (expectedBytes <= maxInlineContentBytes) return { taken: takenBytes(await readBody(request, expectedBytes)) }
  await database.assertDiskSpace(expectedBytes)
  return { body: bodyOf(request), expectedBytes }
}
