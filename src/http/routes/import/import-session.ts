import { type ConflictRule, conflictRules, type ImportedFile } from '../../../contract/dam/import.ts'
import { ApiError } from '../../../contract/errors.ts'
import { type AssetPath, covers, parseNewPath, repositoryRoot } from '../../../model/asset-path.ts'
import { maxUnplacedImportBytes } from '../../../model/http-limits.ts'
import { maxGroupCommitBytes, maxInlineContentBytes } from '../../../model/limits.ts'
import type { ReceiveRevision, Upload } from '../../../processing/receive-revision.ts'
import { takenBytes } from '../../../processing/take-in-content.ts'
import { uploadMediaType } from '../../input/media-type.ts'
import { parsePathParameter } from '../../input/path-parameter.ts'
import { toApiError } from '../../plugins/error-answers.ts'
import { conflictError } from '../dam/conflict-error.ts'
import { readHead } from './read-head.ts'

/** A file with its content: all bytes of a small one, or what is still to be read. */
interface ReadFile {
  readonly index: number
  readonly name: string
  readonly mediaType: string
  readonly content: Uint8Array | AsyncIterable<Uint8Array>
}

/**
 * One import request. Fields may come in any order, also after the files they are about: files are kept in memory until target and rule
 * are known, as long as they are small. After that small files are received together (they share commits) and large ones one by one.
 */
export class ImportSession {
  readonly #receive: ReceiveRevision
  readonly #actor: string
  readonly #files: ImportedFile[] = []
  readonly #running = new Set<Promise<void>>()
  #runningBytes = 0
  #target: AssetPath | null = null
  #rule: ConflictRule | null = null
  /** Waiting for target and rule; `null` once they are settled. */
  #unplaced: ReadFile[] | null = []
  #unplacedBytes = 0

  constructor(receive: ReceiveRevision, actor: string) {
    this.#receive = receive
    this.#actor = actor
  }

  /** Takes a field; unknown ones are ignored. Throws an ApiError for a value that is not allowed or comes too late. */
  setField(name: string, value: string): void {
    if (name === 'target' || name === 'path') this.#setTarget(value, name)
    else if (name === 'conflict') this.#setRule(value)
  }

  /** Says that no more fields come. Throws an ApiError if there is no target. */
  endFields(): void {
    if (this.#target === null) {
      throw new ApiError('invalidInput', 'No target folder is named, or only after more files than can be kept waiting.', {
        errors: [{ pointer: '/target', detail: `must be a folder below ${repositoryRoot}; send it before the files` }],
      })
    }
    for (const file of this.#unplaced ?? []) void this.#start(file, 0)
    this.#unplaced = null
  }

  /** Takes a small file in whose bytes are all at hand, after the fields. Gives a promise where no more should come before it settles. */
  addBytes(name: string, bytes: Uint8Array): Promise<void> | undefined {
    void this.#start({ index: this.#announce(name), name, mediaType: uploadMediaType(null), content: bytes }, bytes.length)
    return this.#runningBytes > maxGroupCommitBytes ? this.#room() : undefined
  }

  /** Notes a file that cannot be taken, and why. */
  refuseFile(name: string, reason: ApiError): void {
    this.#files[this.#announce(name)] = failed(name, reason)
  }

  /** Takes a file in; settles when its content needs no more reading. */
  async addFile(name: string, mediaType: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    // What a browser sends for a file field that was left empty.
    const isNothing = name === ''
    const index = isNothing ? -1 : this.#announce(name)
    const { head, size, rest } = await readHead(
      content,
      this.#mustWait() ? maxUnplacedImportBytes - this.#unplacedBytes : maxInlineContentBytes,
    )
    if (isNothing) return drain(content)
    const file = { index, name, mediaType: uploadMediaType(mediaType), content: rest ?? wholeOf(head, size) }
    if (this.#mustWait() && !rest) {
      this.#unplaced!.push(file)
      this.#unplacedBytes += size
      return
    }
    this.endFields()
    const receiving = this.#start(file, size)
    if (rest) {
      await receiving
      await drain(content)
    }
    await this.#room()
  }

  /** What became of each file, in the order sent. */
  async finish(): Promise<{ target: string; files: ImportedFile[] }> {
    this.endFields()
    await Promise.all(this.#running)
    return { target: this.#target!, files: this.#files }
  }

  /** Resolves when no file is being received any more, whatever became of it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  /** The place of a file in the answer. */
  #announce(name: string): number {
    return this.#files.push({ name, outcome: 'failed' }) - 1
  }

  /** Waits until no more is being received than what a group may hold. */
  async #room(): Promise<void> {
    while (this.#runningBytes > maxGroupCommitBytes) await Promise.race(this.#running)
  }

  /** While files are kept waiting for the fields that are about them. */
  #mustWait(): boolean {
    return this.#unplaced !== null && (this.#target === null || this.#rule === null)
  }

  #start(file: ReadFile, size: number): Promise<void> {
    this.#runningBytes += size
    const receiving = this.#receiveFile(file).then((result) => {
      this.#files[file.index] = result
      this.#runningBytes -= size
      this.#running.delete(receiving)
    })
    this.#running.add(receiving)
    // Whoever waits for all of them is told; until then nobody may be listening.
    receiving.catch(Boolean)
    return receiving
  }

  async #receiveFile({ name, mediaType, content }: ReadFile): Promise<ImportedFile> {
    try {
      const path = parseNewPath(`${this.#target}/${name}`)
      const source = content instanceof Uint8Array ? { taken: takenBytes(content) } : { body: content }
      const upload: Upload = { path, mediaType, onConflict: this.#rule ?? 'overwrite', actor: this.#actor, ...source }
      const { outcome, conflict, path: stored, uuid, revision } = await this.#receive(upload)
      if (outcome === 'conflict')
        throw conflict === 'asset-exists' ? new ApiError('conflict', 'An asset is at this path.') : conflictError(conflict)
      return { name, outcome, path: stored, uuid, revision }
    } catch (error) {
      const known = toApiError(error)
      // A fault of the server concerns the whole request; the caller sends it again.
      if (known.kind.status >= 500) throw known
      return failed(name, known)
    }
  }

  #setTarget(value: string, name: string): void {
    const target = parsePathParameter(value, `/${name}`)
    if (!covers(repositoryRoot, target)) throw new ApiError('invalidPath', `The target must be ${repositoryRoot} or below it.`)
    if (this.#target !== null && this.#target !== target) throw new ApiError('invalidInput', 'Two different targets are named.')
    this.#target = target
  }

  #setRule(value: string): void {
    const rule = conflictRules.find((known) => known === value.trim())
    if (!rule) {
      const errors = [{ pointer: '/conflict', detail: `must be one of ${conflictRules.join(', ')}` }]
      throw new ApiError('invalidInput', 'The conflict rule is unknown.', { errors })
    }
    const late = this.#unplaced === null && rule !== (this.#rule ?? 'overwrite')
    if (late) throw new ApiError('invalidInput', 'The conflict rule comes after files that were received without it: send it before them.')
    this.#rule = rule
  }
}

function failed(name: string, { kind, message }: ApiError): ImportedFile {
  return { name, outcome: 'failed', error: { status: kind.status, code: kind.code, detail: message } }
}

function wholeOf(pieces: readonly Uint8Array[], size: number): Uint8Array {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, size)
}

/** Reads what is left: the parser goes on to the next part only after the end of this one. */
async function drain(content: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of content);
}
