import { isAscii, pathKey } from './asset-path.ts'

/** The form in which spellings of one name that differ in letter case or Unicode normalisation are equal. */
export function foldKey(path: string): string {
  if (isFolded(path)) return path
  // Most other paths are ASCII: skip the normalisation, which costs ten times the case folding.
  return isAscii(path) ? path.toLowerCase() : pathKey(path).toLowerCase().normalize('NFC')
}

/** Whether nothing but ASCII without capital letters is in it, as in most paths. */
function isFolded(path: string): boolean {
  for (let index = 0; index < path.length; index++) {
    const unit = path.charCodeAt(index)
    if (unit > 0x7f || (unit >= 0x41 && unit <= 0x5a)) return false
  }
  return true
}

/**
 * A 53-bit hash of {@link foldKey}: a safe integer, equal on every machine and release, stored with assets and reference edges.
 * Equal hashes of different paths cost a needless look, never a wrong answer: whoever looks up by it compares the paths.
 * Not cryptographic on purpose: SHA-256 would cost 1 µs for each of some 30 references of an asset, this costs 0.3 µs.
 */
export function foldHash(path: string): number {
  const key = foldKey(path)
  let low = 0x2f0b4c47
  let high = 0x6a09e667
  for (let index = 0; index < key.length; index++) {
    const unit = key.charCodeAt(index)
    low = Math.imul(low ^ unit, 0x85ebca6b)
    high = Math.imul(high ^ unit, 0xc2b2ae35)
    low ^= low >>> 15
    high ^= high >>> 13
  }
  low = Math.imul(low ^ (high >>> 16), 0x27d4eb2f)
  high = Math.imul(high ^ (low >>> 15), 0x165667b1)
  low ^= low >>> 13
  high ^= high >>> 16
  return (high >>> 11) * 2 ** 32 + (low >>> 0)
}
