import { createHash } from 'node:crypto'
import { createReadStream, openAsBlob, readFile as readFileLater } from 'node:fs'
import { promisify } from 'node:util'
import { type Client, ClientError, fitsForm } from '../../client/index.ts'
import { covers, InvalidPathError, nameOf, parseAssetPath, pathKey, repositoryRoot } from '../../model/asset-path.ts'
import {
  importBufferedFileBytes,
  importBytesAtOnce,
  importFilesAtOnce,
  importRequestsAtOnce,
  importTogetherBytes,
} from '../../model/limits.ts'
import { inParallel } from '../in-parallel.ts'
import type { FoundFile, LeftOut } from './walk-folder.ts'

/** Half the CPU time of the promises of `node:fs`, which open, ask, read and close in turn. */
const readFile = promisify(readFileLater)

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

type Outcome = 'created' | 'updated' | 'unchanged' | { readonly reason: string }

/** A file that has to be sent, with where it goes. */
interface Outgoing {
  readonly file: FoundFile
  readonly path: string
  readonly body: Buffer<ArrayBuffer> | Blob
}

/**
 * Uploads files below `target`, small ones together, several requests at a time. Files that the server already has with the same bytes
 * are not sent; of names that differ only in their Unicode form, which are one asset there, the first is. The server is asked once for a list with hashes; a server without such a list gets everything and says itself what is unchanged.
 * A file that fails does not stop the others. Rejects when nothing more can come through: wrong credential, no server.
 */
export async function uploadFiles(client: Client, files: readonly FoundFile[], options: UploadOptions): Promise<UploadTally> {
  const { target, onProgress } = options
  const known = await hashesOnServer(client, target)
  const tally: UploadTally = { created: 0, updated: 0, unchanged: 0, failed: [] }
  let done = 0
  const finish = ({ relative }: FoundFile, outcome: Outcome) => {
    if (typeof outcome === 'string') tally[outcome]++
    else tally.failed.push({ relative, reason: outcome.reason })
    onProgress(++done)
  }
  const { different, same } = setApart(files)
  for (const { file, other } of same) {
    finish(file, {
      reason: `its name differs from "${other.relative}" only in its Unicode form (NFC, NFD), and both are one asset: keep one`,
    })
  }
  await inParallel(loadsOf(different), importRequestsAtOnce, async (load) => {
    const outgoing: Outgoing[] = []
    for (const file of load) {
      const prepared = await settled(() => prepare(file, target, known))
      if (typeof prepared === 'object' && 'path' in prepared) outgoing.push(prepared)
      else finish(file, prepared)
    }
    for (const [index, outcome] of (await send(client, target, outgoing)).entries()) finish(outgoing[index]!.file, outcome)
  })
  return tally
}

/** Files of which each becomes an asset of its own, and those that would replace another one of them. */
function setApart(files: readonly FoundFile[]) {
  const firsts = new Map<string, FoundFile>()
  const same: { readonly file: FoundFile; readonly other: FoundFile }[] = []
  for (const file of files) {
    const other = firsts.get(pathKey(file.relative))
    if (other) same.push({ file, other })
    else firsts.set(pathKey(file.relative), file)
  }
  return { different: [...firsts.values()], same }
}

/** What is sent in one request: small files together, each other one by itself. */
function loadsOf(files: readonly FoundFile[]): FoundFile[][] {
  const loads: FoundFile[][] = []
  let open: FoundFile[] = []
  let bytes = 0
  for (const file of files) {
    if (file.size > importTogetherBytes || !fitsForm(file.relative)) {
      loads.push([file])
      continue
    }
    if (open.length === 0 || open.length === importFilesAtOnce || bytes + file.size > importBytesAtOnce) {
      loads.push((open = []))
      bytes = 0
    }
    open.push(file)
    bytes += file.size
  }
  return loads
}

/** Reads a file, unless the server has it: `unchanged`. */
async function prepare(file: FoundFile, target: string, known: ReadonlyMap<string, string>): Promise<Outgoing | Outcome> {
  const path = parseAssetPath(`${target}/${file.relative}`)
  // A name with blanks at its end would be stored under another name than it has here.
  if (nameOf(path) !== nameOf(file.relative)) return { reason: 'its name ends with a blank: rename it' }
  if (!covers(repositoryRoot, path)) return { reason: `it would lie outside ${repositoryRoot}` }
  const body = file.size <= importBufferedFileBytes ? await readFile(file.absolute) : await openAsBlob(file.absolute)
  const hash = known.get(pathKey(path))
  return hash !== undefined && hash === (await sha256(file, body)) ? 'unchanged' : { file, path, body }
}

async function send(client: Client, target: string, outgoing: readonly Outgoing[]): Promise<Outcome[]> {
  const together = outgoing.length > 1 ? await settled(() => sendTogether(client, target, outgoing)) : undefined
  if (Array.isArray(together)) return together
  if (together !== undefined) return outgoing.map(() => together)
  const outcomes: Outcome[] = []
  for (const { path, body } of outgoing) outcomes.push(await settled(async () => (await client.putAsset(path, body, {})).outcome))
  return outcomes
}

/** `undefined` where the server takes files only one by one. */
async function sendTogether(client: Client, target: string, outgoing: readonly Outgoing[]): Promise<Outcome[] | undefined> {
  const files = outgoing.map(({ file, body }) => ({ name: file.relative, bytes: body as Buffer }))
  const imported = await client.importAssets(target, files)
  return imported?.map(({ outcome, error }) => {
    if (outcome === 'failed') return { reason: error?.detail ?? 'the server did not say why' }
    return outcome === 'skipped' ? 'unchanged' : outcome
  })
}

/** What failed for one file or request becomes its outcome; what would fail for all others too is thrown. */
async function settled<T>(work: () => Promise<T>): Promise<T | { readonly reason: string }> {
  try {
    return await work()
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
  const hashes = new Map<string, string>()
  await client.scanAssets(target, ({ path, sha256 }) => hashes.set(pathKey(path), sha256))
  return hashes
}
