import { beforeAll, describe, expect, it } from 'vitest'
import { type AssayApi, apiOf, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'
import { engines } from '../support/test-database.ts'

describe.each(engines)('what a status list holds (%s)', (engine) => {
  let server: SharedAssay
  let api: AssayApi

  beforeAll(async () => {
    server = await sharedAssay(engine)
    api = apiOf(server)
  })

  const paths = async (included: readonly string[], excluded: readonly string[] = []) =>
    (await api.collect(included, excluded)).map((asset) => asset.path)
  const fill = async (name: string, names: readonly string[]) => {
    const folder = api.folder(name)
    await Promise.all(names.map((each) => api.upload(`${folder}/${each}`, topic(each))))
    return folder
  }

  it('matches whole path segments', async () => {
    const folder = await fill('segments', ['a/x.dita', 'ab/x.dita', 'a.dita', 'a-b/x.dita'])
    expect(await paths([`${folder}/a`])).toEqual([`${folder}/a/x.dita`])
    expect(await paths([`${folder}/a.dita`])).toEqual([`${folder}/a.dita`])
    expect(await paths([folder], [`${folder}/a`])).toEqual([`${folder}/a-b/x.dita`, `${folder}/a.dita`, `${folder}/ab/x.dita`])
    expect(await api.collect([`${folder}/A`])).toEqual([{ path: `${folder}/A`, status: 'FAILURE', exists: false }])
  })

  it('lists an asset of overlapping paths once', async () => {
    const folder = await fill('overlap', ['a/x.dita', 'a/y.dita', 'b/z.dita'])
    const included = [`${folder}/a`, folder, `${folder}/a/x.dita`, `${folder}/a`, `${folder}/b/`]
    expect(await paths(included)).toEqual([`${folder}/a/x.dita`, `${folder}/a/y.dita`, `${folder}/b/z.dita`])
  })

  it('leaves out an excluded folder and all below it', async () => {
    const folder = await fill('excluded', ['a/x.dita', 'a/deep/er/y.dita', 'b/z.dita', 'w.dita'])
    expect(await paths([folder], [`${folder}/a`])).toEqual([`${folder}/b/z.dita`, `${folder}/w.dita`])
    expect(await paths([folder], [`${folder}/a/deep`, `${folder}/w.dita`])).toEqual([`${folder}/a/x.dita`, `${folder}/b/z.dita`])
    expect(await paths([folder], [folder])).toEqual([])
    expect(await paths([folder], ['/'])).toEqual([])
  })

  it('leaves out explicit assets that are excluded', async () => {
    const folder = await fill('explicit', ['a/x.dita', 'a/y.dita'])
    const asset = `${folder}/a/x.dita`
    expect(await paths([asset], [asset])).toEqual([])
    expect(await paths([asset, `${folder}/a/y.dita`], [`${folder}/a`])).toEqual([])
    expect(await paths([asset], [`${folder}/a/x`])).toEqual([asset])
    expect(await paths([asset], [`${asset}/below`])).toEqual([asset])
  })

  it('leaves out missing paths that are excluded', async () => {
    expect(await paths(['/content/dam/nothing/here'], ['/content/dam/nothing'])).toEqual([])
  })

  it('ignores exclusions at which nothing is', async () => {
    const folder = await fill('void', ['x.dita'])
    expect(await paths([folder], [`${folder}/nothing`, '/content/dam/elsewhere'])).toEqual([`${folder}/x.dita`])
  })

  it('lists a path at which nothing is as FAILURE that does not exist, without uuid', async () => {
    const folder = await fill('missing', ['x.dita'])
    const missing = `${folder}/typo.dita`
    const text = await (await api.start({ paths: [missing, `${folder}/x.dita`] }, { prefer: 'wait=60' })).text()
    expect(text).toContain(`{"path":"${missing}","status":"FAILURE","exists":false}`)
    expect((await api.settled([folder])).map(({ exists }) => exists)).toEqual([true])
    expect(await api.collect([missing, `${missing}/`, missing.slice(1)])).toEqual([{ path: missing, status: 'FAILURE', exists: false }])
  })

  it('puts missing paths at their place in the order', async () => {
    const folder = await fill('between', ['a.dita', 'c.dita'])
    const list = await api.collect([folder, `${folder}/b.dita`, `${folder}/a.dita/x`])
    expect(list.map(({ path, exists }) => [path, exists])).toEqual([
      [`${folder}/a.dita`, true],
      [`${folder}/a.dita/x`, false],
      [`${folder}/b.dita`, false],
      [`${folder}/c.dita`, true],
    ])
  })

  it('answers an empty list for an empty folder', async () => {
    const folder = await fill('emptied', ['x.dita'])
    await api.remove(`${folder}/x.dita`)
    const text = await (await api.start({ paths: [folder] }, { prefer: 'wait=60' })).text()
    expect(text).toMatch(/^\{"jobId":"[^"]+","status":"SUCCESS","assets":\[\]\}$/)
  })

  it('no longer lists a deleted asset in its folder', async () => {
    const folder = await fill('deleted', ['x.dita', 'y.dita'])
    expect((await api.remove(`${folder}/x.dita`)).status).toBe(200)
    expect(await paths([folder])).toEqual([`${folder}/y.dita`])
    expect((await api.collect([`${folder}/x.dita`]))[0]).toMatchObject({ exists: false, status: 'FAILURE' })
  })

  it('lists assets of any type, recursively, and no folders', async () => {
    const names = ['a.dita', 'b.ditamap', 'c.ditaval', 'd.png', 'e.md', 'f.html', 'g', 'h.xml', 'deep/er/est/i.svg', 'j.css', 'k.zip']
    const folder = await fill('types', names)
    expect(await paths([folder])).toEqual(names.map((name) => `${folder}/${name}`).sort())
  })

  it('sorts by the bytes of the path', async () => {
    // By UTF-16 units the emoji (a surrogate pair) would come before the full-width letter; in UTF-8 it comes after.
    const names = [
      '\u{1F331}.dita',
      '\uff21.dita',
      'Z.dita',
      'a.dita',
      'a b.dita',
      'a!.dita',
      'a/x.dita',
      'ä.dita',
      'é.dita',
      '名.dita',
      'A.DITA',
    ]
    const folder = await fill('order', names)
    const expected = names.map((name) => `${folder}/${name}`).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(await paths([folder])).toEqual(expected)
    expect(expected.indexOf(`${folder}/\u{1F331}.dita`)).toBeGreaterThan(expected.indexOf(`${folder}/\uff21.dita`))
  })

  it('shows one snapshot that never changes afterwards', async () => {
    const folder = await fill('snapshot', ['x.dita', 'y.dita'])
    await api.settled([folder])
    const started = await api.start({ paths: [folder] }, { prefer: 'wait=60' })
    const before = await started.text()
    const { jobId } = JSON.parse(before) as { jobId: string }
    await api.upload(`${folder}/x.dita`, '<topic id="x"><title>broken')
    await api.upload(`${folder}/z.dita`, topic('Z'))
    await api.remove(`${folder}/y.dita`)
    await api.settled([folder])
    expect(await (await api.poll(jobId)).text()).toBe(before)
    expect((await api.collect([folder])).map(({ path, status }) => [path, status])).toEqual([
      [`${folder}/x.dita`, 'FAILURE'],
      [`${folder}/z.dita`, 'SUCCESS'],
    ])
  })

  it('finds everything below the root', async () => {
    const folder = await fill('below-root', ['x.dita'])
    expect(await paths(['/'])).toContain(`${folder}/x.dita`)
    expect(await paths(['/content/dam'])).toContain(`${folder}/x.dita`)
  })

  it('tells processed and failed assets apart', async () => {
    const folder = api.folder('mixed')
    await api.upload(`${folder}/bad.dita`, '<topic id="bad"><title>never closed')
    await api.upload(`${folder}/good.dita`, topic('Good'))
    await api.upload(`${folder}/picture.bin`, new Uint8Array([1, 2, 3]))
    const list = await api.settled([folder])
    expect(list.map(({ status }) => status)).toEqual(['FAILURE', 'SUCCESS', 'SUCCESS'])
    expect(list.every(({ exists, uuid }) => exists && uuid!.startsWith('GUID-'))).toBe(true)
  })
})
