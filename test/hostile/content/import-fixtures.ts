import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type AssayApi, topic } from '../../support/assay-api.ts'

interface Expectation {
  readonly accept: readonly string[]
  readonly codes: readonly string[]
  readonly codesIfFailure?: readonly string[]
}

const root = join(import.meta.dirname, '../../fixtures/hostile')
const neighbourCount = 50

/** Warnings leave an asset a SUCCESS. */
const statusOf = (outcome: string) => (outcome === 'SUCCESS_WITH_WARNINGS' ? 'SUCCESS' : outcome)

/** Imports all hostile files in one request, beside good ones. Gives what did not end as `expected.json` says, or without its reason. */
export async function importFixtures(api: AssayApi, folder: string): Promise<string[]> {
  const expected = (JSON.parse(readFileSync(join(root, 'expected.json'), 'utf8')) as { files: Record<string, Expectation> }).files
  const names = Object.keys(expected)
  const form = new FormData()
  form.append('target', folder)
  for (const name of names) form.append('file', new Blob([readFileSync(join(root, name))]), name)
  const neighbours = Array.from({ length: neighbourCount }, (_, index) => `${folder}-neighbours/${index}.dita`)
  const [imported] = await Promise.all([
    api.send('/bin/guides/v1/asset/import', { method: 'POST', body: form }),
    ...neighbours.map((path) => api.upload(path, topic(path))),
  ])
  const { received, failed } = (await imported!.json()) as { received: number; failed: number }
  const list = await api.settled([folder, `${folder}-neighbours`], 60_000)
  const statuses = new Map(list.map(({ path, status }) => [path, status]))
  const findings = received === names.length && failed === 0 ? [] : [`${received} of ${names.length} were received, ${failed} failed`]
  for (const path of neighbours) if (statuses.get(path) !== 'SUCCESS') findings.push(`the neighbour ${path} is ${statuses.get(path)}`)
  for (const name of names) {
    const status = statuses.get(`${folder}/${name}`)
    if (!status || !expected[name]!.accept.map(statusOf).includes(status)) findings.push(`${name} is ${status}`)
  }
  for (const { path } of list.filter(({ status }) => status === 'FAILURE')) {
    const { codes, codesIfFailure = codes } = expected[relative(folder, path)]!
    const found = (await api.detail(path)).problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)
    if (!found.some((code) => codesIfFailure.length === 0 || codesIfFailure.includes(code)))
      findings.push(`${path}: ${found} instead of ${codesIfFailure}`)
  }
  return findings
}
