import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { mutate, seededRandom } from '../../dita-xml/mutate.ts'
import { type AssayApi, topic } from '../../support/assay-api.ts'

const examples = join(import.meta.dirname, '../../../examples')
const filesPerImport = 200
const maxFileBytes = 1_000_000

/**
 * Imports `count` files, each a real one with a few changes, and good ones between them. Gives those that failed for no reason of their own,
 * and neighbours that failed.
 */
export async function importMutations(
  api: AssayApi,
  folder: string,
  options: { count: number; seed: number; from: string | null },
): Promise<string[]> {
  const originals = readdirSync(options.from ?? examples, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ extension: extname(file), bytes: readFileSync(file) }))
    .filter(({ bytes }) => bytes.length <= maxFileBytes)
  const random = seededRandom(options.seed)
  const findings: string[] = []
  for (let done = 0; done < options.count; done += filesPerImport) {
    const target = `${folder}/${done}`
    const form = new FormData()
    form.append('target', target)
    for (let index = done; index < Math.min(done + filesPerImport, options.count); index++) {
      const { extension, bytes } = originals[Math.floor(random() * originals.length)]!
      form.append('file', new Blob([mutate(bytes, random) as Uint8Array<ArrayBuffer>]), `${index}${extension}`)
    }
    for (let index = 0; index < 10; index++) form.append('file', new Blob([topic('Neighbour')]), `neighbour-${index}.dita`)
    const response = await api.send('/bin/guides/v1/asset/import', { method: 'POST', body: form })
    if (response.status !== 200) findings.push(`an import was answered with ${response.status}: ${await response.text()}`)
    const list = await api.settled([target], 60_000)
    for (const { path, status } of list.filter((asset) => asset.status === 'FAILURE')) {
      const codes = (await api.detail(path)).problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)
      if (path.includes('/neighbour-') || codes.length === 0 || codes.some((code) => code.startsWith('PROCESSING_')))
        findings.push(`${path} is ${status}: ${codes}`)
    }
  }
  return findings
}
