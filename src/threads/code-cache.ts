import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'

/**
 * Where this process keeps compiled code, which its threads and processes do not take over by themselves; `null` if it does not. Node names the
 * folder of its own version, within the one that it was given.
 */
export function codeCache(): string | null {
  const folder = getCompileCacheDir()
  return folder === undefined ? null : dirname(folder)
}
