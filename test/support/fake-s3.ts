import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/**
 * What the next request of a method meets. `slow-down`: 503 as S3 says it. `lost`: done, but the answer never comes. `cut`: half of the body,
 * then the connection ends. `hang`: headers and half of the body, then nothing. `refused`: 403.
 */
export type S3Fault = 'slow-down' | 'lost' | 'cut' | 'hang' | 'refused'

/** A server that speaks as much of S3 as our blob store uses, with one bucket in memory. */
export interface FakeS3 extends AsyncDisposable {
  readonly location: {
    readonly bucket: string
    readonly region: string
    readonly endpoint: string
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  }
  readonly objects: ReadonlyMap<string, Uint8Array>
  /** Requests by method, those that met a fault included. */
  readonly requests: ReadonlyMap<string, number>
  /** The next requests of that method meet these faults, one each. */
  disturb(method: string, ...faults: S3Fault[]): void
}

interface StoredObject {
  readonly bytes: Uint8Array
  readonly writtenAt: Date
}

const bucket = 'contents'
/** Small, so that lists have several pages. */
const pageKeys = 3

export async function startFakeS3(): Promise<FakeS3> {
  const objects = new Map<string, StoredObject>()
  const requests = new Map<string, number>()
  const faults = new Map<string, S3Fault[]>()
  const server = createServer((request, response) => {
    const method = request.method!
    requests.set(method, (requests.get(method) ?? 0) + 1)
    const fault = faults.get(method)?.shift() ?? null
    answer(objects, request, response, fault).catch((error) => response.destroy(error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    location: {
      bucket,
      region: 'eu-central-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    },
    get objects() {
      return new Map([...objects].map(([key, { bytes }]) => [key, bytes]))
    },
    requests,
    disturb(method, ...added) {
      faults.set(method, [...(faults.get(method) ?? []), ...added])
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  objects: Map<string, StoredObject>,
  request: IncomingMessage,
  response: ServerResponse,
  fault: S3Fault | null,
): Promise<void> {
  const url = new URL(request.url!, 'http://s3')
  const key = decodeURIComponent(url.pathname.slice(bucket.length + 2))
  const body = await buffer(request)
  if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=key/')) return fail(response, 403, 'InvalidAccessKeyId')
  if (fault === 'slow-down') return fail(response, 503, 'SlowDown')
  if (fault === 'refused') return fail(response, 403, 'AccessDenied')
  if (request.method === 'PUT') put(objects, key, request, body)
  if (fault === 'lost') return void request.socket.destroy()
  switch (request.method) {
    case 'PUT':
      return void response.writeHead(200, { etag: '"0"' }).end()
    case 'DELETE':
      objects.delete(key)
      return void response.writeHead(204).end()
    default:
      return url.searchParams.has('list-type') ? list(objects, url, response) : get(objects, key, request, response, fault)
  }
}

/** Whole or not at all, as S3 does it: a body that is shorter than announced leaves nothing. */
function put(objects: Map<string, StoredObject>, key: string, { headers }: IncomingMessage, body: Buffer): void {
  const isChunked = headers['content-encoding']?.includes('aws-chunked') ?? false
  const bytes = isChunked ? unchunked(body) : body
  const announced = Number(isChunked ? headers['x-amz-decoded-content-length'] : headers['content-length'])
  if (bytes.length === announced) objects.set(key, { bytes, writtenAt: new Date() })
}

/** The pieces of `aws-chunked`: a length in hexadecimal, perhaps a signature, the bytes; trailers follow the last, empty one. */
function unchunked(body: Buffer): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.toString('latin1', at, end), 16)
    if (size === 0) return Buffer.concat(pieces)
    pieces.push(body.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}

function get(
  objects: ReadonlyMap<string, StoredObject>,
  key: string,
  { method, socket }: IncomingMessage,
  response: ServerResponse,
  fault: S3Fault | null,
): void {
  const found = objects.get(key)
  if (!found) {
    if (method === 'HEAD') response.writeHead(404).end()
    else fail(response, 404, 'NoSuchKey')
    return
  }
  response.writeHead(200, { 'content-length': found.bytes.length, 'last-modified': found.writtenAt.toUTCString(), etag: '"0"' })
  if (method === 'HEAD') response.end()
  else if (fault === null) response.end(found.bytes)
  else
    response.write(found.bytes.subarray(0, found.bytes.length / 2), () => {
      if (fault === 'cut') socket.destroy()
    })
}

function list(objects: ReadonlyMap<string, StoredObject>, url: URL, response: ServerResponse): void {
  const prefix = url.searchParams.get('prefix') ?? ''
  const after = url.searchParams.get('continuation-token') ?? ''
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
  const page = keys.slice(0, pageKeys)
  const contents = page.map((key) => {
    const { bytes, writtenAt } = objects.get(key)!
    const etag = createHash('md5').update(bytes).digest('hex')
    return `<Contents><Key>${key}</Key><LastModified>${writtenAt.toISOString()}</LastModified><ETag>"${etag}"</ETag><Size>${bytes.length}</Size></Contents>`
  })
  const isTruncated = keys.length > page.length
  const next = isTruncated ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
  const text = `<ListBucketResult><KeyCount>${page.length}</KeyCount><IsTruncated>${isTruncated}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`
  response.writeHead(200, { 'content-type': 'application/xml' }).end(text)
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}
