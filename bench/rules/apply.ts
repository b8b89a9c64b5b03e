/**
 * How long a change of the path rules takes to reach all assets of an embedded database, and how long other statements wait meanwhile.
 *
 *     node bench/rules/apply.ts [number of assets]
 *
 * Goal: 10,000 assets a second, and nobody waits longer than 100 ms.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBlobStore } from '../../src/blobs/open-blob-store.ts'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import type { PathRules } from '../../src/model/path-rules.ts'
import { applyPathRules } from '../../src/processing/apply-path-rules.ts'
import { openQueue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import { openDatabase } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { createPacks } from '../../src/store/packs.ts'
import { createPathRuleStore } from '../../src/store/path-rule-store.ts'

const count = Number(process.argv[2] ?? 50_000)
const dataDirectory = await mkdtemp(join(tmpdir(), 'assay-bench-rules-'))
await using stack = new AsyncDisposableStack()
stack.defer(() => rm(dataDirectory, { recursive: true, force: true }))
const database = stack.use(await openDatabase({ dataDirectory, onIncident: console.error }))
await migrate(database)
const queue = stack.use(await openQueue(database, { onTrouble: console.error }))
const packs = createPacks(database, await openBlobStore({ dataDirectory }))
const store = createAssetStore(database, queue, { packs })
const rules = createPathRuleStore(database, queue)

for (let at = 0; at < count; at += 500) {
  await store.receive(
    Array.from({ length: Math.min(500, count - at) }, (_, index) => {
      const bytes = Buffer.from(`topic ${at + index}`)
      const path = parseAssetPath(`/content/dam/manual/${(at + index) % 100}/topics/${at + index}.dita`)
      const sha256 = createHash('sha256').update(bytes).digest()
      return { path, size: bytes.length, sha256, content: { bytes }, mediaType: 'application/xml', onConflict: 'overwrite' as const }
    }),
  )
}

async function longestWait(work: Promise<unknown>): Promise<number> {
  let longest = 0
  let isOver = false
  void work.finally(() => (isOver = true))
  while (!isOver) {
    const askedAt = performance.now()
    await database.executeSql('select 1')
    longest = Math.max(longest, performance.now() - askedAt)
  }
  return longest
}

async function measure(name: string, changed: PathRules): Promise<void> {
  const startedAt = performance.now()
  await rules.change(changed, 'bench', () => true)
  const applying = applyPathRules(rules, new AbortController().signal)
  const longest = await longestWait(applying)
  const { newlyIgnored, newlyEnabled } = await rules.read()
  const tookMs = performance.now() - startedAt
  console.log(`${name}: ${tookMs.toFixed(0)} ms, ${newlyIgnored} ignored, ${newlyEnabled} enabled, longest wait ${longest.toFixed(0)} ms`)
}

const enabled = ['/content/dam']
await measure('ignore one folder of a hundred', { ignored: ['/content/dam/manual/7'], enabled })
await measure('an expression that matches nothing', { ignored: ['/content/dam/manual/7', 'regex:/content/dam/.*/none'], enabled })
await measure('ignore all', { ignored: ['regex:/content/dam/.*/topics'], enabled })
await measure('enable all', { ignored: [], enabled })
