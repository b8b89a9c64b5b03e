/**
 * Writes every generated file: each module of `scripts/generate/` exports the `path` of one (from the root of the package) and
 * `render`, which gives its text. With `--check` nothing is written; the exit code is 1 when a file is not what `render` gives.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Generator {
  readonly path: string
  render(): Promise<string>
}

const root = new URL('../', import.meta.url)
const folder = new URL('./generate/', import.meta.url)

async function loadGenerators(): Promise<Generator[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort()
  return Promise.all(
    files.map(async (file): Promise<Generator> => {
      const module: Partial<Generator> = await import(new URL(file, folder).href)
      if (typeof module.path !== 'string' || typeof module.render !== 'function') throw new Error(`${file} must export path and render`)
      return { path: module.path, render: module.render }
    }),
  )
}

async function isCurrent(file: string, text: string): Promise<boolean> {
  try {
    return (await readFile(file, 'utf8')) === text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

const onlyCheck = process.argv.includes('--check')
for (const { path, render } of await loadGenerators()) {
  const file = fileURLToPath(new URL(path, root))
  const text = await render()
  if (await isCurrent(file, text)) continue
  if (onlyCheck) {
    console.error(`${relative(process.cwd(), file)} is out of date: run "npm run generate"`)
    process.exitCode = 1
  } else {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    console.log(`wrote ${relative(process.cwd(), file)}`)
  }
}
