import type { AssetReading } from '../processing/ports.ts'
import { textOf } from '../processing/stored-text.ts'
import { type PackedTexts, packTexts, unpackTexts } from './pack-texts.ts'

/** What is short, and looked at by whoever writes it. */
type Head = Pick<AssetReading, 'outcome' | 'type' | 'mediaType' | 'title' | 'failureDetail' | 'problemCounts' | 'targetsDigest'>

/** Readings on their way from a thread: a result of megabytes crosses as quickly as a small one. */
export interface PackedReadings {
  readonly heads: readonly Head[]
  /** As many for each reading as there are {@link textFields}. */
  readonly texts: PackedTexts
  /** Of all readings, one behind the other. */
  readonly edges: Float64Array<ArrayBuffer>
  readonly edgeKinds: Uint8Array<ArrayBuffer>
  readonly edgeEnds: Float64Array
}

const textFields = ['facts', 'problems', 'references', 'targets', 'edgeList', 'edgeKindList'] as const

/** Puts readings into the form in which they leave a thread. */
export function packReadings(readings: readonly AssetReading[]): PackedReadings {
  const edgeEnds = new Float64Array(readings.length)
  let count = 0
  for (const [index, { edges }] of readings.entries()) edgeEnds[index] = count += edges.length
  const edges = new Float64Array(count)
  const edgeKinds = new Uint8Array(count)
  for (const [index, reading] of readings.entries()) {
    const start = edgeEnds[index]! - reading.edges.length
    edges.set(reading.edges, start)
    edgeKinds.set(reading.edgeKinds, start)
  }
  const texts = packTexts(readings.flatMap((reading) => textFields.map((field) => reading[field])))
  return { heads: readings.map(headOf), texts, edges, edgeKinds, edgeEnds }
}

function headOf({ outcome, type, mediaType, title, failureDetail, problemCounts, targetsDigest }: AssetReading): Head {
  return { outcome, type, mediaType, title, failureDetail, problemCounts, targetsDigest }
}

/** The readings of a thread, whose texts stay in the memory that it has shared. */
export function unpackReadings({ heads, texts, edges, edgeKinds, edgeEnds }: PackedReadings): AssetReading[] {
  const unpacked = unpackTexts(texts)
  let start = 0
  return heads.map((head, index) => {
    const [facts, problems, references, targets, edgeList, edgeKindList] = unpacked.slice(
      index * textFields.length,
      (index + 1) * textFields.length,
    ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    const end = edgeEnds[index]!
    const own = { edges: edges.subarray(start, end), edgeKinds: edgeKinds.subarray(start, end) }
    start = end
    return { ...head, facts, problems, references, targets, edgeList, edgeKindList, ...own }
  })
}

/** The reading without shared memory, which no other process can see. */
export function withOwnTexts(reading: AssetReading): AssetReading {
  return { ...reading, ...Object.fromEntries(textFields.map((field) => [field, textOf(reading[field])])) }
}
