import type { ImportedFile } from '../contract/dam/import.ts'
import type { UploadReceipt } from '../contract/dam/receipt.ts'
import type { AssetDetail, AssetSummary } from '../contract/native/asset.ts'
import { ClientError } from './client-error.ts'
import { readJsonObject, requireText } from './json-answer.ts'
import { endBytes, TarArchive, tarBytesOf } from './tar-archive.ts'
import type { RepeatableBody, Send } from './transport.ts'

/** How an asset is uploaded. */
export interface PutOptions {
  /** Left to the server (by content and extension) when absent. */
  readonly mediaType?: string
  readonly signal?: AbortSignal
}

/**
 * Uploads one asset: `PUT /content/dam/…` with the raw bytes. Bytes and Blobs (in Node `fs.openAsBlob` gives one that is read from the file as
 * it is sent) are sent again when the connection breaks; a stream is sent once.
 */
export function putAsset(
  send: Send,
  path: string,
  body: RepeatableBody | ReadableStream<Uint8Array>,
  options: PutOptions,
): Promise<UploadReceipt> {
  const headers = { 'content-type': options.mediaType ?? 'application/octet-stream' }
  const target = encodePath(path)
  return send({ method: 'PUT', target, headers, body, repeatable: true, signal: options.signal, timeoutMs: null }, async (response) => {
    const answer = await readJsonObject(response)
    return {
      path: requireText(answer, 'path'),
      uuid: requireText(answer, 'uuid'),
      revision: Number(answer.revision),
      outcome: requireText(answer, 'outcome') as UploadReceipt['outcome'],
    }
  })
}

/** A file to be imported with others. */
export interface ImportFile {
  /** Path below the target folder. */
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * Uploads several small files below a folder in one request: `POST /bin/guides/v1/asset/import`. Gives what became of each, in the order
 * given; one that is refused does not stop the others. `undefined` where the server has no such interface.
 */
export function importAssets(
  send: Send,
  target: string,
  files: readonly ImportFile[],
  signal?: AbortSignal,
): Promise<readonly ImportedFile[] | undefined> {
  const archive = new TarArchive(files.reduce((sum, { name, bytes }) => sum + tarBytesOf(name, bytes.length), endBytes))
  for (const { name, bytes } of files) archive.add(name, bytes.length)!.set(bytes)
  return importArchive(send, target, { bytes: archive.bytes(), files: files.length }, signal)
}

/** As {@link importAssets}, of a tar archive that is not compressed. `files`: how many are in it, for which the answer is held to. */
export function importArchive(
  send: Send,
  target: string,
  { bytes, files }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly files?: number },
  signal?: AbortSignal,
): Promise<readonly ImportedFile[] | undefined> {
  const query = new URLSearchParams({ target, conflict: 'overwrite' })
  const headers = { 'content-type': 'application/x-tar' }
  const request = { method: 'POST', target: `/bin/guides/v1/asset/import?${query}`, headers, body: bytes } as const
  return ownInterface(() =>
    send({ ...request, repeatable: true, signal, timeoutMs: null }, async (response) => {
      const answer = await readJsonObject(response)
      const outcomes = Array.isArray(answer.files) ? (answer.files as ImportedFile[]) : undefined
      if (outcomes && outcomes.length === (files ?? outcomes.length)) return outcomes
      throw new ClientError('The server did not say what became of each file.', { kind: 'protocol', status: response.status })
    }),
  )
}

/** Removes an asset, or a folder with all that is in it. Gives whether there was anything to remove. */
export async function removeAsset(send: Send, path: string, signal?: AbortSignal): Promise<boolean> {
  try {
    return await send({ method: 'DELETE', target: encodePath(path), repeatable: true, signal }, async (response) => {
      await response.body?.cancel()
      return true
    })
  } catch (error) {
    if (error instanceof ClientError && error.status === 404) return false
    throw error
  }
}

/**
 * Everything about one asset: `GET /api/v1/assets/by-path`. `undefined` where the server has no such interface, as AEM Guides: what it
 * answers then has none of our codes.
 */
export async function explainAsset(send: Send, path: string, signal?: AbortSignal): Promise<AssetDetail | undefined> {
  const target = `/api/v1/assets/by-path?path=${encodeURIComponent(path)}`
  return ownInterface(() =>
    send(
      { method: 'GET', target, repeatable: true, signal },
      (response) => readJsonObject(response) as Promise<AssetDetail & Record<string, unknown>>,
    ),
  )
}

/**
 * All assets in and below a folder: `GET /api/v1/assets` as NDJSON. An empty list for a folder that does not exist; `undefined` where the
 * server has no such interface.
 */
export async function listAssets(send: Send, folder: string, signal?: AbortSignal): Promise<AssetSummary[] | undefined> {
  const assets = new Map<string, AssetSummary>()
  const isThere = await scanAssets(send, folder, (asset) => assets.set(asset.path, asset), signal)
  return isThere ? [...assets.values()] : undefined
}

/**
 * The same list, each asset as it comes: a million of them would take half a gigabyte at once. After a broken connection the list begins anew, so
 * that assets may come twice. `false` where the server has no such interface.
 */
export async function scanAssets(send: Send, folder: string, take: (asset: AssetSummary) => void, signal?: AbortSignal): Promise<boolean> {
  const target = `/api/v1/assets?folder=${encodeURIComponent(folder)}`
  const request = { method: 'GET', target, headers: { accept: 'application/x-ndjson' }, repeatable: true, signal } as const
  const scanned = await ownInterface(() => send(request, (response) => readLines(response, (line) => take(JSON.parse(line)))))
  return scanned ?? false
}

async function readLines(response: Response, take: (line: string) => void): Promise<true> {
  if (!response.headers.get('content-type')?.startsWith('application/x-ndjson')) {
    throw new ClientError('The server answered with something else than NDJSON.', { kind: 'protocol', status: response.status })
  }
  let rest = ''
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') take(line)
  }
  if (rest !== '') take(rest)
  return true
}

async function ownInterface<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    const foreign = error.code === null && (error.kind === 'not-found' || error.kind === 'refused')
    if (foreign || error.kind === 'protocol') return undefined
    throw error
  }
}

/** Percent-encodes each segment: whatever is in a name, it stays one segment and is decoded once. */
function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
