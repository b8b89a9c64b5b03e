import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'

/**
 * The environment by which threads and processes keep compiled code where this process does, if it does: they do not take that over by themselves. Node names
 * the folder of its own version, within the one that it was given. Without it, a thread compiles a hundred files again, and with a cache that begins only in
 * its first file it loads 4 MB of what strips types, for that file: 0.04 of 0.26 s of CPU time, and 5 MiB.
 */
export function codeCacheVariable(): { readonly NODE_COMPILE_CACHE?: string } {
  const folder = getCompileCacheDir()
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) }
}
