/**
 * Packs a new cluster of the embedded database, as initdb makes it, so that a server with a new data directory need not run initdb. npm runs this
 * when a checkout is installed and when the package is packed; for a version of PGlite that has its template already it does nothing.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { clusterTemplatePath } from '../src/store/pglite/cluster-template.ts'

/** Of a cluster that was shut down: a copy of a running one would have to recover at its first start, which takes 0.5 s. */
async function packNewCluster(folder: string): Promise<Uint8Array> {
  const created = await PGlite.create(folder)
  await created.close()
  // Only the files are opened.
  const closed = await PGlite.create(folder, { noInitDb: true })
  const packed = await closed.dumpDataDir('gzip')
  await closed.close()
  return packed.bytes()
}

const path = clusterTemplatePath()
if (!existsSync(path)) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-cluster-'))
  try {
    mkdirSync(dirname(path), { recursive: true })
    // Nobody may find half of one.
    writeFileSync(`${path}.unfinished`, await packNewCluster(join(folder, 'database')))
    renameSync(`${path}.unfinished`, path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
