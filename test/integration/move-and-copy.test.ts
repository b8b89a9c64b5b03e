import { beforeAll, expect, it } from 'vitest'
import { type AssayApi, apiOf, eventually, topic } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'

let server: SharedAssay
let api: AssayApi

beforeAll(async () => {
  server = await sharedAssay()
  api = apiOf(server)
})

async function transfer(method: 'MOVE' | 'COPY', source: string, destination: string): Promise<void> {
  const inApi = (path: string) => path.replace('/content/dam', '/api/assets')
  const response = await api.send(inApi(source), { method, headers: { 'x-destination': inApi(destination) } })
  expect(response.status, await response.text()).toBe(201)
}

/** Waits for the state of the one reference of an asset. */
const referenceBecomes = (path: string, state: string) =>
  eventually(
    async () => (await api.detail(path)).references.out.map((reference) => reference.state),
    (states) => states[0] === state,
  )

it('resolves references again when what they lead to, or they themselves, are moved or copied', async () => {
  const folder = api.folder('moved')
  const link = (href: string) => topic('Links', `<p><xref href="${href}"/></p>`)
  await api.upload(`${folder}/out.dita`, link('sub/target.dita'))
  await api.upload(`${folder}/sub/target.dita`, topic('Target'))
  const { uuid } = await api.upload(`${folder}/sub/back.dita`, link('../out.dita'))
  await api.settled([folder])
  await referenceBecomes(`${folder}/out.dita`, 'ok')
  await referenceBecomes(`${folder}/sub/back.dita`, 'ok')

  await transfer('MOVE', `${folder}/sub`, `${folder}/deep`)
  await referenceBecomes(`${folder}/out.dita`, 'REF_TARGET_MISSING')
  await api.settled([folder])
  expect(await api.detail(`${folder}/deep/back.dita`)).toMatchObject({ uuid, revision: 1, references: { out: [{ state: 'ok' }] } })

  await transfer('MOVE', `${folder}/deep/back.dita`, `${folder}/back.dita`)
  await referenceBecomes(`${folder}/back.dita`, 'REF_TARGET_MISSING')
  await transfer('COPY', `${folder}/deep`, `${folder}/sub`)
  await referenceBecomes(`${folder}/out.dita`, 'ok')
  const list = await api.settled([folder])
  expect(list.map(({ path, status }) => `${path.slice(folder.length)} ${status}`)).toEqual([
    '/back.dita SUCCESS',
    '/deep/target.dita SUCCESS',
    '/out.dita SUCCESS',
    '/sub/target.dita SUCCESS',
  ])
})
