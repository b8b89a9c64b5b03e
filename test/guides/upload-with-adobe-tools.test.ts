import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { apiOf } from '../support/assay-api.ts'
import { sharedAssay } from '../support/assay-server.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

it('runs every recipe of the guide', async () => {
  const server = await sharedAssay()
  const api = apiOf(server)
  const target = api.folder('adobe-guide')
  const guide = (await readFile(join(root, 'docs/guides/upload-with-adobe-tools.md'), 'utf8'))
    .replaceAll('/content/dam', target)
    .replaceAll('/api/assets/', `/api/assets/${basename(target)}/`)
  await api.send('/api/v1/folders', {
    method: 'POST',
    body: JSON.stringify({ path: target }),
    headers: { 'content-type': 'application/json' },
  })
  const blocks = [...guide.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language, name, text]) => ({
    language,
    name,
    text: text!,
  }))
  expect(blocks.length).toBeGreaterThan(6)
  const folder = await mkdtemp(join(tmpdir(), 'assay-guide-'))
  try {
    const [, password] = Buffer.from(server.authorization.slice('Basic '.length), 'base64').toString().split(':')
    const env = {
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      NODE_PATH: join(root, 'node_modules'),
      ASSAY_URL: server.url,
      PASSWORD: password,
    }
    for (const { language, name, text } of blocks) {
      if (language === 'js') await writeFile(join(folder, name!), text)
      else if (name !== 'skip') await run('bash', ['-eo', 'pipefail', '-c', text], { cwd: folder, env })
    }
    const list = await api.settled([target])
    expect(list.map(({ path, status }) => `${path} ${status}`)).toEqual([
      `${target}/by-form/first.dita SUCCESS`,
      `${target}/manual/docs/topics/first.dita SUCCESS`,
    ])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
