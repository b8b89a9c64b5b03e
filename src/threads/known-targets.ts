import { decodeReferences } from '../dita/encode-references.ts'
import { decodeTargets, unreadDigest } from '../dita/encode-targets.ts'
import type { LoopAsset } from '../dita/resolve/loops.ts'
import type { Candidate } from '../dita/resolve/resolve-references.ts'
import { foldKey } from '../model/fold-hash.ts'
import type { TargetAsset } from '../processing/ports.ts'
import { textOf } from '../processing/stored-text.ts'

/** What is known of one asset that references lead to. Its stored texts are decoded when they are needed first. */
export class KnownTarget implements Candidate {
  readonly #asset: TargetAsset
  #targets: Candidate['targets'] | undefined
  #structure: LoopAsset | null | undefined

  constructor(asset: TargetAsset) {
    this.#asset = asset
  }

  get path(): string {
    return this.#asset.path
  }

  get type(): Candidate['type'] {
    return this.#asset.type
  }

  get known(): boolean {
    return this.#asset.targetsDigest !== null
  }

  get unread(): boolean {
    return this.#asset.unread === true
  }

  get failed(): boolean {
    return this.#asset.targetsDigest === unreadDigest
  }

  get targets(): Candidate['targets'] {
    const { targets } = this.#asset
    this.#targets ??= targets === null || this.failed ? null : decodeTargets(textOf(targets))
    return this.#targets
  }

  /** For loops; `null` where the references were not loaded, or there are none to load. */
  get structure(): LoopAsset | null {
    if (this.#structure === undefined) {
      const { references } = this.#asset
      const { path, targets } = this
      this.#structure = references === null || targets === null ? null : { path, targets, references: decodeReferences(textOf(references)) }
    }
    return this.#structure
  }

  /** There is a result whose references were not asked for. */
  get isStructureMissing(): boolean {
    return this.known && !this.failed && this.#asset.references === null
  }
}

/** Targets by the fold key of their paths. */
export class KnownTargets {
  readonly #byKey = new Map<string, KnownTarget[]>()

  constructor(assets: readonly TargetAsset[]) {
    for (const asset of assets) {
      const key = foldKey(asset.path)
      const others = this.#byKey.get(key)
      if (others) others.push(new KnownTarget(asset))
      else this.#byKey.set(key, [new KnownTarget(asset)])
    }
  }

  at(key: string): readonly KnownTarget[] {
    return this.#byKey.get(key) ?? []
  }
}
