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

/**
 * The disk under a data directory as a power cut would leave it. What is written is durable only once its file is synced; until then
 * each sector of it may or may not be there. Creating, renaming and removing files happens in order, as ext4 does it.
 */
export class PowerCut {
  readonly #live: string
  readonly #durable: string
  readonly #unsynced = new Map<string, Range[]>()
  readonly #restore: () => void

  /** Follows every DurableNodeFs opened from now on until {@link end}. `live` is what it is given, a copy goes to `durable`. */
  constructor(live: string, durable: string) {
    this.#live = live
    this.#durable = durable
    cpSync(live, durable, { recursive: true })
    const { init } = DurableNodeFs.prototype
    const follow = (internals: NodeFsInternals) => this.#follow(internals)
    DurableNodeFs.prototype.init = async function (pg, options) {
      const { emscriptenOpts } = await init.call(this, pg, options)
      const preRun = [...(emscriptenOpts.preRun ?? []), (module: object) => follow((module as { NODEFS: NodeFsInternals }).NODEFS)]
      return { emscriptenOpts: { ...emscriptenOpts, preRun } }
    }
    this.#restore = () => {
      DurableNodeFs.prototype.init = init
    }
  }

  end(): void {
    this.#restore()
  }

  /** Writes to `target` what is left if the power fails now and each unsynced sector survives with that chance. */
  cut(target: string, survival: number, random: () => number): void {
    cpSync(this.#durable, target, { recursive: true })
    for (const [path, ranges] of this.#unsynced) {
      for (const { start, length } of ranges) {
        for (let sector = start; sector < start + length; sector = sectorEnd(sector)) {
          const survivor = { start: sector, length: Math.min(sectorEnd(sector), start + length) - sector }
          if (random() < survival) copyRange(path, path.replace(this.#live, target), survivor)
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
    })
    after(stream_ops, 'fsync', (stream) => {
      const path = pathOf(stream.node)
      for (const range of this.#unsynced.get(path) ?? []) copyRange(path, this.#inDurable(path), range)
      this.#unsynced.delete(path)
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
      const [from, to] = [pathOf(node), childOf(newParent, newName)]
      this.#unsynced.set(to, this.#unsynced.get(from) ?? [])
      this.#unsynced.delete(from)
      renameSync(this.#inDurable(from), this.#inDurable(to))
    })
  }

  #inDurable(path: string): string {
    return path.replace(this.#live, this.#durable)
  }
}

function sectorEnd(position: number): number {
  return (Math.floor(position / sectorBytes) + 1) * sectorBytes
}

function copyRange(from: string, to: string, { start, length }: Range): void {
  // A file that is open may have no name any more: it is gone after the cut.
  if (!existsSync(from) || !existsSync(to)) return
  const [source, target] = [openSync(from, 'r'), openSync(to, 'r+')]
  const bytes = Buffer.alloc(length)
  const read = readSync(source, bytes, 0, length, start)
  writeSync(target, bytes, 0, read, start)
  closeSync(source)
  closeSync(target)
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
