/**
 * Packs the package, installs it into an empty project as anybody would, and uses it there: the command says its version, and a program in
 * TypeScript that imports `assay/client` is checked by the compiler and runs. Needs the registry, or npm's cache.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
const project = mkdtempSync(join(tmpdir(), 'assay-package-'))
const run = (command: string, args: readonly string[], cwd = project) => execFileSync(command, args, { cwd, encoding: 'utf8' }).trim()

const program = `
import { ClientError, createClient, verifyWebhook, type Event, type ListedAsset, type Run, type WaitResult } from 'assay/client'

const client = createClient({ url: 'http://127.0.0.1:1', credential: { token: 'none' } })
async function use(): Promise<[WaitResult, Run, readonly ListedAsset[], Event]> {
  const waited: WaitResult = await client.waitForStatus(['/content/dam/manual'], { timeoutMs: 1000 })
  const run: Run = await client.startRun({ path: '/content/dam/manual' })
  // @ts-expect-error: there is no such option
  await client.waitForStatus(['/content/dam/manual'], { timeout: 1000 })
  const payload: { readonly type: string } = await verifyWebhook<{ readonly type: string }>('', {}, payload0)
  for await (const event of client.events({ types: [payload.type] })) return [waited, run, waited.assets, event]
  throw new Error('events have no end')
}
const payload0: string = 'whsec_'
await use().catch((error: unknown) => {
  if (!(error instanceof ClientError) || error.kind !== 'unreachable') throw error
  console.log('used')
})
`

try {
  run('npm', ['pack', '--silent', '--pack-destination', project], root)
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  writeFileSync(join(project, 'program.ts'), program)
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`])
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect(run('npx', ['assay', '--version']), version)
  run(process.execPath, [
    compiler,
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--lib',
    'es2024,dom,dom.iterable,esnext.disposable',
    '--types',
    '',
    '--outDir',
    'out',
    'program.ts',
  ])
  expect(run(process.execPath, ['out/program.js']), 'used')
  console.log(`The package ${version} can be installed and used.`)
} finally {
  rmSync(project, { recursive: true, force: true })
}

function expect(found: string, wanted: string): void {
  if (found !== wanted) throw new Error(`"${found}" instead of "${wanted}"`)
}
