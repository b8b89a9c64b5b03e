import { createHash } from 'node:crypto'
import { createReadStream, openAsBlob } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { type Client, ClientError, type TarArchive } from '../../client/index.ts'
import { pathKey } from '../../model/asset-path.ts'
import { importBufferedFileBytes, importRequestsAtOnce } from '../../model/client-limits.ts'
import { inParallel } from '../in-parallel.ts'
import { type ArchiveLoad, makeLoads, type Outgoing } from './make-loads.ts'
import type { FoundFile, LeftOut } from './walk-folder.ts'
import { whyUnreadable } from './why-unreadable.ts'

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

/**
 * Uploads files below `target`, small ones together, several requests at a time. Files that the server already has with the same bytes are
 * not sent; of names that differ only in their Unicode form, which are one asset there, the first is. The server is asked once for a list
 * with hashes; a server without such a list gets everything and says itself what is unchanged. A file that fails does not stop the others.
 * Rejects when nothing more can come through: wrong credential, no server.
 */
export async function uploadFiles(client: Client, files: readonly FoundFile[], options: UploadOptions): Promise<UploadTally> {
  const { target, onProgress } = options
  const known = await hashesOnServer(client, target)
  const tally: UploadTally = { created: 0, updated: 0, unchanged: 0, failed: [] }
  let done = 0
  const finish = ({ relative }: FoundFile, outcome: Outcome) => {
    if (typeof outcome === 'string') tally[outcome]++
    else tally.failed.push({ relative, reason: outcome.reason })
    done++
  }
  const { different, same } = setApart(files)
  for (const { file, other } of same) {
    finish(file, {
      reason: `its name differs from "${other.relative}" only in its Unicode form (NFC, NFD), and both are one asset: keep one`,
    })
  }
  const spare: TarArchive[] = []
  const loads = makeLoads(different, { target, known, spare, onSettled: finish })
  await inParallel(loads, importRequestsAtOnce, async (load) => {
    if ('file' in load) finish(load.file, await settled(() => sendLarge(client, load, known)))
    else {
      const outcomes = await sendTogether(client, target, load)
      for (const [index, { file }] of load.members.entries()) finish(file, outcomes[index]!)
      spare.push(load.archive)
    }
    onProgress(done)
  })
  onProgress(done)
  return tally
}

/** Files of which each becomes an asset of its own, and those that would replace another one of them. */
function setApart(files: readonly FoundFile[]) {
  const firsts = new Map<string, FoundFile>()
  const same: { readonly file: FoundFile; readonly other: FoundFile }[] = []
  for (const file of files) {
    const key = pathKey(file.relative)
    const other = firsts.get(key)
    if (other) same.push({ file, other })
    else firsts.set(key, file)
  }
  return { different: firsts.values(), same }
}

async function sendLarge(client: Client, { file, path }: Outgoing, known: ReadonlyMap<string, string>): Promise<Outcome> {
  const { size } = await stat(file.absolute)
  const body = size <= importBufferedFileBytes ? await readFile(file.absolute) : await openAsBlob(file.absolute)
  const sha256 = known.get(pathKey(path))
  if (sha256 !== undefined && sha256 === (await sha256Of(file, body))) return 'unchanged'
  return (await client.putAsset(path, body, {})).outcome as Outcome
}

async function sendTogether(client: Client, target: string, { archive, members }: ArchiveLoad): Promise<Outcome[]> {
  const archived = { bytes: archive.bytes(), files: members.length }
  const imported = await settled(async () => (await client.importArchive(target, archived)) ?? 'not here')
  if (imported === 'not here') return await sendEach(client, members)
  if (!Array.isArray(imported)) return members.map(() => imported as { readonly reason: string })
  return imported.map(({ outcome, error }) => {
    if (outcome === 'failed') return { reason: error?.detail ?? 'the server did not say why' }
    return outcome === 'skipped' ? 'unchanged' : outcome
  })
}

/** For servers that take files only one by one. */
async function sendEach(client: Client, members: ArchiveLoad['members']): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const { path, bytes } of members)
    outcomes.push(await settled(async () => (await client.putAsset(path, bytes, {})).outcome as Outcome))
  return outcomes
}

/** What failed for one file or request becomes its outcome; what would fail for all others too is thrown. */
async function settled<T>(work: () => Promise<T>): Promise<T | { readonly reason: string }> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ClientError && error.kind !== 'unauthorised' && error.kind !== 'unreachable') return { reason: error.message }
    if (error instanceof Error && 'syscall' in error) return { reason: whyUnreadable(error) }
    throw error
  }
}

async function sha256Of(file: FoundFile, body: Buffer | Blob): Promise<string> {
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
