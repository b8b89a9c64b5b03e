import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../src', import.meta.url))

interface SourceFile {
  readonly path: string
  readonly layer: string
  readonly text: string
  readonly imports: readonly string[]
}

const files: SourceFile[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => {
    const text = readFileSync(join(root, name), 'utf8')
    const imports = [...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"\n;]*(?:\{[^}]*\}[^'"\n;]*)?['"]([^'"]+)['"]/g)].map(
      (match) => match[1]!,
    )
    return { path: name, layer: name.includes('/') ? name.slice(0, name.indexOf('/')) : name, text, imports }
  })

/** What each layer may import, besides itself, and why nothing more. */
const layers: Record<string, { readonly may: readonly string[]; readonly because: string }> = {
  model: { may: [], because: 'the rules must be readable, and testable, by themselves' },
  contract: { may: ['model'], because: 'wire shapes are shared with clients that have none of the server' },
  dita: { may: ['model'], because: 'reading is pure: bytes in, facts out' },
  media: { may: ['model', 'dita'], because: 'reading images gives the same facts as reading DITA' },
  checks: { may: ['model', 'dita'], because: 'a check sees what was read and nothing else' },
  processing: { may: ['model', 'dita', 'checks'], because: 'use cases name what they need in ports.ts; adapters implement it' },
  store: { may: ['model', 'dita', 'processing'], because: 'an adapter knows the ports, not the other adapters' },
  queue: { may: ['model', 'processing'], because: 'an adapter knows the ports, not the other adapters' },
  blobs: { may: ['model', 'processing'], because: 'an adapter knows the ports, not the other adapters' },
  webhooks: { may: ['model', 'processing'], because: 'an adapter knows the ports, not the other adapters' },
  threads: { may: ['model', 'dita', 'media', 'checks', 'processing'], because: 'threads run the pure layers and no adapter' },
  http: { may: ['model', 'contract', 'dita', 'checks', 'processing', 'store'], because: 'a read goes route → query → database' },
  observe: { may: ['model', 'config'], because: 'everyone may be observed, so it depends on nearly nobody' },
  config: { may: ['model'], because: 'configuration is parsed before anything runs' },
  app: {
    may: ['model', 'config', 'observe', 'processing', 'store', 'queue', 'threads', 'webhooks', 'http'],
    because: 'the parts of the composition root put the others together',
  },
  client: { may: ['model', 'contract'], because: 'the client is published for programs that have no server' },
  cli: { may: ['model', 'contract', 'client', 'config', 'observe', 'app.ts'], because: 'commands talk to the server over HTTP' },
}

/** Seams where one adapter needs a type or the database of another; each line says why. The list may only shrink. */
const allowedSeams: Readonly<Record<string, string>> = {
  'queue → store': 'pg-boss runs its SQL over the same connection, so that work is enqueued in the transaction that causes it',
}

function target(file: SourceFile, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null
  const path = relative(root, resolve(root, dirname(file.path), specifier))
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : path
}

describe('the layers', () => {
  it.each(Object.keys(layers))('%s imports only what lies below it', (layer) => {
    const { may, because } = layers[layer]!
    const offences = files
      .filter((file) => file.layer === layer)
      .flatMap((file) => file.imports.map((specifier) => ({ file: file.path, to: target(file, specifier) })))
      .filter(({ to }) => to !== null && to !== layer && !may.includes(to) && !(`${layer} → ${to}` in allowedSeams))
      .map(({ file, to }) => `${file} → ${to}: ${because}`)
    expect(offences).toEqual([])
  })

  it('knows every folder', () => {
    const folders = new Set(files.filter((file) => file.path.includes('/')).map((file) => file.layer))
    expect([...folders].filter((folder) => !(folder in layers))).toEqual([])
  })
})

describe('what only one place may name', () => {
  const fences: [what: string, pattern: RegExp, where: RegExp][] = [
    ['process.env', /process\.env/, /^config\/env\.ts$/],
    ['worker_threads', /['"]node:worker_threads['"]|['"]piscina['"]/, /^(threads|store\/pglite)\//],
    ['kysely', /from 'kysely'/, /^(store|queue|http)\//],
    ['pg-boss', /from 'pg-boss/, /^queue\//],
    ['fastify', /from '@?fastify/, /^http\//],
    ['PGlite', /from '@electric-sql/, /^store\/pglite\//],
    ['flydrive', /from 'flydrive/, /^blobs\//],
    ['sharp', /from 'sharp'/, /^media\//],
    ['re2js', /from 're2js'/, /^model\/path-pattern\.ts$/],
    ['process.exit', /process\.exit\(/, /^$/],
    ['sql.raw', /sql\.raw\(/, /^store\/migrations\//],
  ]
  it.each(fences)('%s', (_what, pattern, where) => {
    expect(files.filter((file) => pattern.test(file.text) && !where.test(file.path)).map((file) => file.path)).toEqual([])
  })

  it('no file is called after nothing', () => {
    expect(
      files.filter((file) => /(^|\/)(utils?|helpers?|common|lib|types|misc)(\.ts|\/)/.test(file.path)).map((file) => file.path),
    ).toEqual([])
  })
})

describe('sizes', () => {
  it('no file is longer than 400 lines', () => {
    expect(files.filter((file) => file.text.split('\n').length > 401).map((file) => file.path)).toEqual([])
  })

  it('no function is longer than 60 lines', () => {
    expect(files.flatMap((file) => longFunctions(file))).toEqual([])
  })
})

/** Functions declared at the start of a line, from their head to the brace that closes it at the same indentation. */
function longFunctions(file: SourceFile): string[] {
  const lines = file.text.split('\n')
  const long: string[] = []
  for (const [start, line] of lines.entries()) {
    const head = /^(\s*)(?:export )?(?:async )?function\*? (\w+)/.exec(line)
    if (!head) continue
    const end = lines.findIndex((candidate, index) => index > start && candidate === `${head[1]}}`)
    if (end - start + 1 > 60) long.push(`${file.path}: ${head[2]} (${end - start + 1} lines)`)
  }
  return long
}
