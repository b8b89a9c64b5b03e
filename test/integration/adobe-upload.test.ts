import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adobeClients, uploadFolder } from '../support/adobe-upload.ts'
import { type AssayApi, apiOf, encodePath, topic } from '../support/assay-api.ts'
import { type AssayServer, startAssay } from '../support/assay-server.ts'

let server: AssayServer
let api: AssayApi
let local: string

beforeAll(async () => {
  local = await mkdtemp(join(tmpdir(), 'assay-adobe-'))
  server = await startAssay()
  api = apiOf(server)
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await rm(local, { recursive: true, force: true })
})

async function write(root: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = join(local, root)
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

describe.each(adobeClients)('%s', (client) => {
  it('uploads a deep folder, and the status API confirms what was sent', async () => {
    const files = {
      'a.dita': topic('A'),
      'sub/b.dita': topic('B'),
      'sub/deeper/c.dita': topic('C'),
      'images/large.bin': Buffer.alloc(300_000, 'x'),
    }
    const target = api.folder('deep')
    const folder = await write(`set-${client.length}`, files)
    const result = await uploadFolder(server, target, folder, { client })
    expect(result).toMatchObject({ totalFiles: 4, totalCompleted: 4 })
    expect(result.errors ?? []).toEqual([])
    const root = `${target}/set-${client.length}`
    const list = await api.settled([target])
    expect(list.map(({ path, status }) => [path, status])).toEqual(
      Object.keys(files)
        .sort()
        .map((name) => [`${root}/${name}`, 'SUCCESS']),
    )
    for (const [name, content] of Object.entries(files)) {
      const bytes = Buffer.from(await (await api.send(encodePath(`${root}/${name}`))).arrayBuffer())
      expect(bytes.equals(Buffer.from(content)), name).toBe(true)
    }
  })
})
