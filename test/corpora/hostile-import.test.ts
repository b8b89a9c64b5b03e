/** The hostile files as one import: each ends as `expected.json` says, whatever its neighbours do, and the server goes on. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { apiOf, topic } from '../support/assay-api.ts'
import { startAssay } from '../support/assay-server.ts'
import { engines } from '../support/test-database.ts'

interface Expected {
  readonly files: Readonly<Record<string, { readonly accept: readonly string[]; readonly codes: readonly string[] }>>
}

const root = join(process.env.ASSAY_CORPORA ?? '', 'hostile')

/** Warnings leave an asset a SUCCESS. */
const statusOf = (outcome: string) => (outcome === 'SUCCESS_WITH_WARNINGS' ? 'SUCCESS' : outcome)

describe.skipIf(process.env.ASSAY_CORPORA === undefined).each(engines)('hostile files in one import (%s)', (engine) => {
  test('end as expected, and their neighbours are fine', async () => {
    const expected = (JSON.parse(readFileSync(join(root, 'expected.json'), 'utf8')) as Expected).files
    await using server = await startAssay({ engine })
    const api = apiOf(server)
    const folder = '/content/dam/hostile'
    const form = new FormData()
    form.append('target', folder)
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      const name = relative(root, path)
      if (entry.isFile() && name in expected) form.append('file', new Blob([readFileSync(path)]), name)
    }
    const neighbours = Array.from({ length: 50 }, (_, index) => `${folder}-neighbours/${index}.dita`)
    const [imported] = await Promise.all([
      api.send('/bin/guides/v1/asset/import', { method: 'POST', body: form }),
      ...neighbours.map((path) => api.upload(path, topic(path))),
    ])
    const names = Object.keys(expected)
    expect(await imported!.json()).toMatchObject({ received: names.length, failed: 0 })
    const list = await api.settled([folder, `${folder}-neighbours`], 60_000)
    const statuses = new Map(list.map(({ path, status }) => [path, status]))
    const wrong = names.filter((name) => !expected[name]!.accept.map(statusOf).includes(statuses.get(`${folder}/${name}`) ?? 'not listed'))
    expect(wrong.map((name) => `${name}: ${statuses.get(`${folder}/${name}`)}`)).toEqual([])
    expect(neighbours.filter((path) => statuses.get(path) !== 'SUCCESS')).toEqual([])
    const unexplained: string[] = []
    for (const { path, status } of list.filter((asset) => asset.status === 'FAILURE')) {
      const { problems } = await api.detail(path)
      const wanted = expected[relative(folder, path)]!.codes
      if (!problems.some(({ code, severity }) => severity === 'error' && (wanted.length === 0 || wanted.includes(code)))) {
        unexplained.push(`${path} ${status}: ${problems.map(({ code }) => code)}, expected one of ${wanted}`)
      }
    }
    expect(unexplained).toEqual([])
    expect((await api.send('/readyz')).status).toBe(200)
  })
})
