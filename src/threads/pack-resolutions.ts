import type { Resolution } from '../processing/ports.ts'
import { type PackedTexts, packTexts, unpackTexts } from './pack-texts.ts'

/** Resolutions on their way from a thread; see `pack-readings.ts`. */
export interface PackedResolutions {
  readonly ids: Float64Array
  /** Two for each: states and problems. */
  readonly texts: PackedTexts
  /** Three for each: errors, warnings, infos. */
  readonly counts: Uint32Array
  /** Of those that want any, by their place. */
  readonly wanted: ReadonlyMap<number, readonly number[]>
}

/** Puts resolutions into the form in which they leave a thread. */
export function packResolutions(resolutions: readonly Resolution[]): PackedResolutions {
  return {
    ids: Float64Array.from(resolutions, ({ id }) => id),
    texts: packTexts(resolutions.flatMap(({ states, problems }) => [states, problems])),
    counts: Uint32Array.from(resolutions.flatMap(({ problemCounts: { error, warning, info } }) => [error, warning, info])),
    wanted: new Map([...resolutions.entries()].filter(([, { wanted }]) => wanted.length > 0).map(([place, { wanted }]) => [place, wanted])),
  }
}

/** The resolutions of a thread, whose texts stay in the memory that it has shared. */
export function unpackResolutions({ ids, texts, counts, wanted }: PackedResolutions): Resolution[] {
  const unpacked = unpackTexts(texts)
  return Array.from(ids, (id, place) => {
    const [error, warning, info] = counts.subarray(place * 3) as unknown as [number, number, number]
    return {
      id,
      states: unpacked[place * 2]!,
      problems: unpacked[place * 2 + 1]!,
      problemCounts: { error, warning, info },
      wanted: wanted.get(place) ?? [],
    }
  })
}
