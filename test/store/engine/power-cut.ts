import {
  closeSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { DurableNodeFs } from '../../../src/store/pglite/durable-node-fs.ts'
import { LogSync } from '../../../src/store/pglite/log-sync.ts'

const sectorBytes = 4096

/** Emscripten's NODEFS, as far as it writes. */
interface NodeFsInternals {
  realPath(node: object): string
  readonly stream_ops: Operations
  readonly node_ops: Operations
}
// biome-ignore lint/suspicious/noExplicitAny: these functions are Emscripten's own and have no declarations
type Operations = Record<string, (...parameters: any[]) => any>
interface Range {
  readonly start: number
  readonly length: number
}

/** A sync of the log that another thread does, and what was written when it was asked for. */
interface Sync {
  readonly log: LogSync
  readonly number: number
  readonly path: string
  readonly pieces: readonly (Range & { readonly bytes: Buffer })[]
}

/**
 * The disk under a data directory as a power cut would leave it. What is written is durable only once a sync of its file has ended that
 * began afterwards; until then each sector of it may or may not be there. Creating, renaming and removing files happens in order, as ext4
 * does it.
 */
export class PowerCut {
  readonly #live: string
  readonly #durable: string
  readonly #onChange: (path: string) => void
  readonly #unsynced = new Map<string, Range[]>()
  #asked: Pick<Sync, 'log' | 'number'> | null = null
  #running: Sync[] = []

  /**
   * Follows every DurableNodeFs that this thread opens from now on. `live` is what it is given, a copy goes to `durable`. `onChange` is
   * told of each file that is written or synced.
   */
  constructor(live: string, durable: string, onChange: (path: string) => void) {
    this.#live = live
    this.#durable = durable
    this.#onChange = onChange
    cpSync(live, durable, { recursive: true })
    const { init } = DurableNodeFs.prototype
    const follow = (internals: NodeFsInternals) => this.#follow(internals)
    DurableNodeFs.prototype.init = async function (pg, options) {
      const { emscriptenOpts } = await init.call(this, pg, options)
      const preRun = [...(emscriptenOpts.preRun ?? []), (module: object) => follow((module as { NODEFS: NodeFsInternals }).NODEFS)]
      return { emscriptenOpts: { ...emscriptenOpts, preRun } }
    }
    const { ask } = LogSync.prototype
    const noteSync = (log: LogSync) => {
      this.#asked = { log, number: log.last }
    }
    LogSync.prototype.ask = function (descriptor) {
      ask.call(this, descriptor)
      noteSync(this)
    }
  }

  /**
   * Writes to `target` what is left if the power fails now and each unsynced sector of a file survives with the chance that `survival`
   * gives.
   */
  cut(target: string, survival: (path: string) => number, random: () => number): void {
    this.#land()
    cpSync(this.#durable, target, { recursive: true })
    const running = this.#running.map(({ path, pieces }) => [path, pieces] as const)
    for (const [path, ranges] of [...running, ...this.#unsynced]) {
      for (const { start, length } of ranges) {
        for (let sector = start; sector < start + length; sector = sectorEnd(sector)) {
          const survivor = { start: sector, length: Math.min(sectorEnd(sector), start + length) - sector }
          if (random() < survival(path)) copyRange(path, path.replace(this.#live, target), survivor)
        }
      }
    }
  }

  #follow({ realPath, stream_ops, node_ops }: NodeFsInternals): void {
    const pathOf = (node: object) => realPath(node)
    const childOf = (parent: object, name: string) => `${pathOf(parent)}/${name}`
    after(stream_ops, 'write', (stream, _buffer, _offset, length: number, position: number) => {
      const path = pathOf(stream.node)
      this.#unsynced.set(path, [...(this.#unsynced.get(path) ?? []), { start: position, length }])
      this.#onChange(path)
    })
    after(stream_ops, 'fsync', (stream) => {
      const path = pathOf(stream.node)
      this.#sync(path)
      this.#onChange(path)
    })
    const resize = (path: string, size: number | undefined) => {
      if (size !== undefined && existsSync(this.#inDurable(path))) truncateSync(this.#inDurable(path), size)
    }
    after(stream_ops, 'setattr', (stream, { size }: { size?: number }) => resize(pathOf(stream.node), size))
    after(node_ops, 'setattr', (node, { size }: { size?: number }) => resize(pathOf(node), size))
    after(node_ops, 'mknod', (parent, name: string, mode: number) => {
      const path = this.#inDurable(childOf(parent, name))
      if ((mode & constants.S_IFMT) === constants.S_IFDIR) mkdirSync(path)
      else writeFileSync(path, '')
    })
    after(node_ops, 'unlink', (parent, name: string) => {
      this.#unsynced.delete(childOf(parent, name))
      rmSync(this.#inDurable(childOf(parent, name)), { force: true })
    })
    after(node_ops, 'rmdir', (parent, name: string) => rmdirSync(this.#inDurable(childOf(parent, name))))
    before(node_ops, 'rename', (node, newParent, newName: string) => {
      this.#land()
      const [from, to] = [pathOf(node), childOf(newParent, newName)]
      this.#unsynced.set(to, this.#unsynced.get(from) ?? [])
      this.#unsynced.delete(from)
      renameSync(this.#inDurable(from), this.#inDurable(to))
    })
  }

  #sync(path: string): void {
    const ranges = this.#unsynced.get(path) ?? []
    this.#unsynced.delete(path)
    this.#land()
    if (!this.#asked) {
      for (const range of ranges) copyRange(path, this.#inDurable(path), range)
      return
    }
    this.#running.push({ ...this.#asked, path, pieces: ranges.map((range) => ({ ...range, bytes: readRange(path, range) })) })
    this.#asked = null
  }

  /** Makes durable what the syncs of the log have written that have ended. */
  #land(): void {
    const ended = this.#running.filter(({ log, number }) => log.hasEnded(number))
    for (const { path, pieces } of ended) for (const { start, bytes } of pieces) writeRange(this.#inDurable(path), start, bytes)
    this.#running = this.#running.filter((sync) => !ended.includes(sync))
  }

  #inDurable(path: string): string {
    return path.replace(this.#live, this.#durable)
  }
}

function sectorEnd(position: number): number {
  return (Math.floor(position / sectorBytes) + 1) * sectorBytes
}

function copyRange(from: string, to: string, range: Range): void {
  // A file that is open may have no name any more: it is gone after the cut.
  if (existsSync(from) && existsSync(to)) writeRange(to, range.start, readRange(from, range))
}

function readRange(path: string, { start, length }: Range): Buffer {
  const file = openSync(path, 'r')
  const bytes = Buffer.alloc(length)
  const read = readSync(file, bytes, 0, length, start)
  closeSync(file)
  return bytes.subarray(0, read)
}

function writeRange(path: string, start: number, bytes: Buffer): void {
  const file = openSync(path, 'r+')
  writeSync(file, bytes, 0, bytes.length, start)
  closeSync(file)
}

// biome-ignore lint/suspicious/noExplicitAny: as above
type Hook = (...parameters: any[]) => void

function after(operations: Operations, name: string, hook: Hook): void {
  const original = operations[name]!
  operations[name] = (...parameters) => {
    const result = original(...parameters)
    hook(...parameters)
    return result
  }
}

function before(operations: Operations, name: string, hook: Hook): void {
  const original = operations[name]!
  operations[name] = (...parameters) => {
    hook(...parameters)
    return original(...parameters)
  }
}
