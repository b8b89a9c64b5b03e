import { createHash } from 'node:crypto'
import { createReadStream, openAsBlob } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type Client, ClientError } from '../../client/index.ts'
import { covers, InvalidPathError, nameOf, parseAssetPath, pathKey, repositoryRoot } from '../../model/asset-path.ts'
import { importBufferedFileBytes, importUploadsAtOnce } from '../../model/limits.ts'
import { inParallel } from '../in-parallel.ts'
import type { FoundFile, LeftOut } from './walk-folder.ts'

/** How many files came to what, and which did not come through. */
export interface UploadTally {
  created: number
  updated: number
  unchanged: number
  failed: LeftOut[]
}

interface UploadOptions {
  readonly target: string
  readonly onProgress: (done: number) => void
}

/**
 * Uploads files below `target`, several at a time over connections that are kept open. Files that the server already has with the same bytes
 * are not sent: it is asked once for a list with hashes; a server without such a list gets everything and says itself what is unchanged.
 * A file that fails does not stop the others. Rejects when nothing more can come through: wrong credential, no server.
 */
export async function uploadFiles(client: Client, files: readonly FoundFile[], options: UploadOptions): Promise<UploadTally> {
  const known = await hashesOnServer(client, options.target)
  const tally: UploadTally = { created: 0, updated: 0, unchanged: 0, failed: [] }
  let done = 0
  await inParallel(files, importUploadsAtOnce, async (file) => {
    const outcome = await uploadFile(client, file, options.target, known)
    if (typeof outcome === 'string') tally[outcome]++
    else tally.failed.push({ relative: file.relative, reason: outcome.reason })
    options.onProgress(++done)
  })
  return tally
}

type Outcome = 'created' | 'updated' | 'unchanged' | { readonly reason: string }

async function uploadFile(client: Client, file: FoundFile, target: string, known: ReadonlyMap<string, string>): Promise<Outcome> {
  try {
    const path = parseAssetPath(`${target}/${file.relative}`)
    // A name with blanks at its end would be stored under another name than it has here.
    if (nameOf(path) !== nameOf(file.relative)) return { reason: 'its name ends with a blank: rename it' }
    if (!covers(repositoryRoot, path)) return { reason: `it would lie outside ${repositoryRoot}` }
    const body = file.size <= importBufferedFileBytes ? await readFile(file.absolute) : await openAsBlob(file.absolute)
    const hash = known.get(pathKey(path))
    if (hash !== undefined && hash === (await sha256(file, body))) return 'unchanged'
    return (await client.putAsset(path, body, {})).outcome
  } catch (error) {
    if (error instanceof InvalidPathError) return { reason: `its name ${error.message}` }
    if (error instanceof ClientError && error.kind !== 'unauthorised' && error.kind !== 'unreachable') return { reason: error.message }
    if (error instanceof Error && 'syscall' in error) return { reason: error.message }
    throw error
  }
}

async function sha256(file: FoundFile, body: Buffer | Blob): Promise<string> {
  const hash = createHash('sha256')
  if (body instanceof Blob) for await (const chunk of createReadStream(file.absolute)) hash.update(chunk)
  else hash.update(body)
  return hash.digest('hex')
}

async function hashesOnServer(client: Client, target: string): Promise<ReadonlyMap<string, string>> {
  const assets = (await client.listAssets(target)) ?? []
  return new Map(assets.map((asset) => [pathKey(asset.path), asset.sha256]))
}
