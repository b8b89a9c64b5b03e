/**
 * Waits until everything below a folder is post-processed, and publishes it only if nothing failed.
 *
 *     ASSAY_URL=http://127.0.0.1:4502 ASSAY_TOKEN=asy_… node publish.mjs /content/dam/manual -- dita --input=manual.ditamap --format=html5
 *
 * Ends with 1 if assets failed, and with 3 if some were not finished after ten minutes.
 */
import { spawnSync } from 'node:child_process'
import { createClient } from 'assay/client'

const [folder, , command, ...options] = process.argv.slice(2)
if (!folder || !command) throw new Error('Usage: node publish.mjs <folder> -- <command> [options]')

const client = createClient({ url: process.env.ASSAY_URL, credential: { token: process.env.ASSAY_TOKEN } })
const { assets, settled } = await client.waitForStatus([folder], { timeoutMs: 600_000 })
const failed = assets.filter(({ status }) => status === 'FAILURE')

for (const { path, exists } of failed) {
  const problems = exists ? (await client.explain(path))?.problems : undefined
  const [reason] = problems?.filter(({ severity }) => severity === 'error') ?? []
  console.error(`${path}: ${reason ? `line ${reason.line}: ${reason.message}` : 'there is nothing at this path'}`)
}

if (!settled) process.exitCode = 3
else if (failed.length > 0) process.exitCode = 1
else {
  console.log(`All ${assets.length} assets are ready.`)
  process.exitCode = spawnSync(command, options, { stdio: 'inherit' }).status ?? 1
}
