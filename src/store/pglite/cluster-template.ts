import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Where the template for this version of PGlite lies: the same place of the package for its sources and for what is built of them. */
export function clusterTemplatePath(): string {
  const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return fileURLToPath(new URL(`../../../cluster/pglite-${version}.tgz`, import.meta.url))
}

/**
 * A new cluster as `scripts/create-cluster-template.ts` has packed it, for `loadDataDir`: initdb takes 2.5 s and 3.4 s of CPU time, and
 * unpacking it 0.8 s of both.
 * `null` where nobody has packed one, as in a checkout installed without scripts.
 */
export async function readClusterTemplate(): Promise<Blob | null> {
  const bytes = await readFile(clusterTemplatePath()).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return bytes && new Blob([bytes], { type: 'application/gzip' })
}
