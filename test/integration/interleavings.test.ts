import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AssayApi, apiOf, type Detail, encodePath, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { engines } from '../support/test-database.ts'

const rounds = Number(process.env.ASSAY_INTERLEAVING_ROUNDS ?? 40)

/** Writers and readers meet at few paths, in any order: what a reader is told must be true of the content that it is told about. */
describe.each(engines)('uploads, removals and reads in any order (%s)', (engine) => {
  let server: SharedAssay
  let api: AssayApi
  beforeAll(async () => {
    server = await sharedAssay(engine)
    api = apiOf(server)
  })

  it('never tell of a success with the result of another content', { timeout: 120_000 }, async () => {
    const random = seededRandom('ASSAY_INTERLEAVING_SEED')
    console.log(`ASSAY_INTERLEAVING_SEED=${random.seed}`)
    const folder = api.folder('interleaved')
    const paths = [`${folder}/a.dita`, `${folder}/b.dita`, `${folder}/c.dita`]
    /** Content hash to what processing must find. */
    const truth = new Map<string, { readonly title: string | null; readonly status: string }>()
    let titles = 0
    const contentOf = () => {
      const title = `Title ${++titles}`
      const broken = random.chance(0.25)
      const content = broken ? `<topic id="t"><title>${title}</title><body><p>` : topic(title, `<p id="p${random.integer(0, 3)}"/>`)
      truth.set(createHash('sha256').update(content).digest('hex'), {
        title: broken ? null : title,
        status: broken ? 'FAILURE' : 'SUCCESS',
      })
      return content
    }
    const failures: string[] = []
    const check = ({ path, sha256, status, title, facts, revision }: Detail) => {
      if (status !== 'SUCCESS' && status !== 'FAILURE') return
      const expected = truth.get(sha256)
      const told = { status, title: status === 'SUCCESS' ? title : null, facts: status === 'SUCCESS' ? facts?.title : null }
      const wanted = { status: expected?.status, title: expected?.title, facts: expected?.title }
      if (JSON.stringify(told) !== JSON.stringify(wanted)) {
        failures.push(`${path} revision ${revision}: told ${JSON.stringify(told)}, is ${JSON.stringify(wanted)}`)
      }
    }
    const write = async () => {
      for (let step = 0; step < rounds; step++) {
        const path = random.pick(paths)
        if (random.chance(0.2)) await (await api.remove(path)).arrayBuffer()
        else await api.upload(path, contentOf())
        if (random.chance(0.3)) await api.settled([path])
      }
    }
    let writing = true
    const read = async () => {
      while (writing) {
        const response = await api.send(`/api/v1/assets/by-path?path=${encodeURIComponent(random.pick(paths))}`)
        if (response.ok) check((await response.json()) as Detail)
        else expect(response.status, await response.text()).toBe(404)
      }
    }
    const readers = [read(), read()]
    await Promise.all([write(), write()]).finally(() => {
      writing = false
    })
    await Promise.all(readers)
    expect(failures, `seed ${random.seed}`).toEqual([])
    for (const { path, exists, status } of await api.settled(paths)) {
      if (!exists) continue
      const detail = await api.detail(path)
      check(detail)
      expect(detail.status).toBe(status)
      const bytes = Buffer.from(await (await api.send(encodePath(path))).arrayBuffer())
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(detail.sha256)
    }
    expect(failures, `seed ${random.seed}`).toEqual([])
  })
})
