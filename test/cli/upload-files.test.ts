import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { uploadFiles } from '../../src/cli/import/upload-files.ts'
import { walkFolder } from '../../src/cli/import/walk-folder.ts'
import { createClient } from '../../src/client/index.ts'
import { adminPassword, startHttpHarness } from '../http/http-harness.ts'

test('of names that differ only in their Unicode form one is sent, and the other fails by name', async () => {
  await using http = await startHttpHarness()
  const folder = await mkdtemp(join(tmpdir(), 'assay-upload-'))
  const [decomposed, composed] = ['e\u0301.dita', '\u00e9.dita']
  for (const name of [composed, decomposed, 'other.dita']) await writeFile(join(folder, name), name)
  const client = createClient({ url: http.url, credential: { user: 'admin', password: adminPassword } })
  const importAll = async () => {
    const { files } = await walkFolder(folder)
    return await uploadFiles(client, files, { target: '/content/dam/forms', onProgress: () => {} })
  }
  const failed = [{ relative: composed, reason: expect.stringContaining(`its name differs from "${decomposed}" only in its Unicode form`) }]
  expect(await importAll()).toEqual({ created: 2, updated: 0, unchanged: 0, failed })
  expect(await importAll()).toEqual({ created: 0, updated: 0, unchanged: 2, failed })
  const stored = await http.fetch(`/content/dam/forms/${encodeURIComponent(composed)}`)
  expect(await stored.text()).toBe(decomposed)
  await rm(folder, { recursive: true })
})
