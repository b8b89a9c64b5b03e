import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../contract/errors.ts'

/**
 * The body of a request as it arrives. Unlike the request itself, it may be left in the middle: the connection stays, so that the reason
 * can be answered. Throws an ApiError when it comes too slowly, and Node's error when the client is gone.
 */
export async function* bodyOf(request: FastifyRequest): AsyncGenerator<Uint8Array> {
  const pieces = request.raw.iterator({ destroyOnReturn: false })
  let refuse: (error: ApiError) => void = () => {}
  const onAbort = () => refuse(tooSlow())
  request.bodySignal?.addEventListener('abort', onAbort)
  try {
    for (;;) {
      if (request.bodySignal?.aborted) throw tooSlow()
      // A race with one promise for the whole body would keep every piece in memory until its end: 800 MB of an upload of 800 MB.
      const next = Promise.withResolvers<IteratorResult<Uint8Array>>()
      refuse = next.reject
      pieces.next().then(next.resolve, next.reject)
      const { done, value } = await next.promise
      if (done) return
      yield value
    }
  } finally {
    request.bodySignal?.removeEventListener('abort', onAbort)
    void pieces.return?.().catch(Boolean)
    // Without this the bytes that follow would wait for a reader, and the connection with them.
    if (!request.raw.readableEnded) setImmediate(() => request.raw.resume())
  }
}

/**
 * The whole body in memory. Throws an ApiError as soon as it is known to be longer than `limitBytes`, or when it comes too slowly, and
 * Node's error when the client is gone. Like {@link bodyOf} it leaves the connection as it is, and what still comes is thrown away. By
 * listeners, because an iterator and what it waits for cost as much as hashing ten kilobytes.
 */
export async function readBody(request: FastifyRequest, limitBytes: number): Promise<Buffer<ArrayBuffer>> {
  const { raw, bodySignal } = request
  const tooLarge = () => new ApiError('bodyTooLarge', `The limit is ${limitBytes} bytes.`)
  if (Number(raw.headers['content-length'] ?? 0) > limitBytes) throw tooLarge()
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  const pieces: Buffer<ArrayBuffer>[] = []
  let size = 0
  const take = (piece: Buffer<ArrayBuffer>) => {
    size += piece.length
    if (size <= limitBytes) pieces.push(piece)
    else reject(tooLarge())
  }
  const onAbort = () => reject(tooSlow())
  // Of every request comes the close, after its answer: an error that nobody gets would cost as much as all of this.
  const onGone = () => {
    if (!raw.readableEnded) reject(raw.errored ?? new ApiError('malformedBody', 'The connection ended before the body did.'))
  }
  raw.on('data', take).on('end', resolve).on('error', reject).on('close', onGone)
  bodySignal?.addEventListener('abort', onAbort)
  // Both may have happened before anybody listened.
  if (bodySignal?.aborted) onAbort()
  else if (raw.destroyed) onGone()
  try {
    await ended
  } catch (error) {
    size = Number.POSITIVE_INFINITY
    throw error
  } finally {
    bodySignal?.removeEventListener('abort', onAbort)
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, size)
}

function tooSlow(): ApiError {
  return new ApiError('bodyTooSlow', 'The body was not sent in time.')
}

/** Throws an ApiError for a body that is compressed, by the sender or for the way: nothing is decompressed on the way in. */
export function refuseContentEncoding(request: FastifyRequest): void {
  const coding = request.headers['transfer-encoding']
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked') {
    throw new ApiError(
      'unsupportedMediaType',
      `The body comes with Transfer-Encoding ${coding.trim().slice(0, 40)}: only chunked is understood.`,
    )
  }
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    throw new ApiError(
      'unsupportedMediaType',
      `The body is sent with Content-Encoding ${encoding.trim().slice(0, 40)}: send it uncompressed, without that header.`,
    )
  }
}
