import { maxPathBytes, maxSegmentBytes } from './limits.ts'

declare const assetPathBrand: unique symbol

/**
 * A path in the repository in its one normal form: absolute, no empty segment, no `.` or `..`, no control character,
 * no slash at the end (the root alone is `/`). Unicode is kept as it came; {@link pathKey} makes forms comparable.
 */
export type AssetPath = string & { readonly [assetPathBrand]: true }

/** A path that cannot be normalised. `message` says what is wrong and what to send instead, without the path itself. */
export class InvalidPathError extends Error {
  override readonly name = 'InvalidPathError'
}

/** All assets live below this folder, as in AEM. */
export const repositoryRoot = '/content/dam' as AssetPath

/**
 * Normalises a path that is asked about: as {@link parseExactPath}, and blanks around it are trimmed.
 * Not for what is stored, read or removed: a file named `x.dita ` would be taken for `x.dita`.
 */
export function parseAssetPath(raw: string): AssetPath {
  return parseExactPath(trimPath(raw))
}

/**
 * Normalises a path: a missing leading slash added, `//` collapsed, the slash at the end dropped. Throws {@link InvalidPathError} for `.`
 * and `..` segments, control characters, unpaired surrogates (not expressible in UTF-8), an empty path, and paths over the limits.
 * Decodes nothing: a transport that encodes decodes first.
 */
export function parseExactPath(raw: string): AssetPath {
  if (raw === '') throw new InvalidPathError('is empty: give a path such as /content/dam/manual')
  if (/[\u0000-\u001f\u007f-\u009f]/.test(raw)) throw new InvalidPathError('contains a control character: remove it')
  if (!raw.isWellFormed()) throw new InvalidPathError('contains an unpaired surrogate: send valid Unicode')
  const segments = raw.split('/').filter((segment) => segment !== '')
  for (const segment of segments) {
    if (segment === '.' || segment === '..') throw new InvalidPathError(`contains a "${segment}" segment: write the path out`)
    if (Buffer.byteLength(segment) > maxSegmentBytes) throw new InvalidPathError(`has a name over ${maxSegmentBytes} bytes: shorten it`)
  }
  const path = `/${segments.join('/')}`
  if (Buffer.byteLength(path) > maxPathBytes) throw new InvalidPathError(`is longer than ${maxPathBytes} bytes: shorten it`)
  return path as AssetPath
}

/**
 * Normalises the path of something that is to be stored. Throws {@link InvalidPathError} as {@link parseExactPath} does, and for a name
 * that begins or ends with a blank, as in AEM: a status request, which trims paths, could not name it.
 */
export function parseNewPath(raw: string): AssetPath {
  const path = parseExactPath(raw)
  const name = path.split('/').find((segment) => segment.startsWith(' ') || segment.endsWith(' '))
  if (name !== undefined) throw new InvalidPathError(`has the name "${name}", which begins or ends with a blank: remove the blank`)
  return path
}

/** Without ASCII blanks around it and slashes at its end. Other Unicode spaces may be part of a name. */
function trimPath(raw: string): string {
  let start = 0
  let end = raw.length
  while (start < end && isBlank(raw.charCodeAt(start))) start++
  while (end > start + 1 && (isBlank(raw.charCodeAt(end - 1)) || raw[end - 1] === '/')) end--
  return raw.slice(start, end)
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)
}

/** The key under which a path is found: its NFC form, so that NFC and NFD spellings of a name are one asset. */
export function pathKey(path: string): string {
  // Nearly all paths are ASCII, and normalising costs thirty times this look.
  return isAscii(path) ? path : path.normalize('NFC')
}

/** Whether every character is ASCII. */
export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false
  return true
}

/** The folder that holds `path`; `/` holds itself. */
export function parentOf(path: AssetPath): AssetPath {
  const slash = path.lastIndexOf('/')
  return (slash <= 0 ? '/' : path.slice(0, slash)) as AssetPath
}

/** The last segment of `path`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Whether `folder` covers `path`: is it, or is above it, by whole segments. */
export function covers(folder: string, path: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`)
}
