import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { runAssay } from './run-assay.ts'

async function demoFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('assay-demo-'))
}

test('the demo runs by itself, shows failures with their reasons, and leaves nothing behind', async () => {
  const before = await demoFolders()
  const { code, out, err } = await runAssay(['demo'], { settings: { TMPDIR: tmpdir() } })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/Uploaded 14 files/)
  expect(out).toMatch(/14 assets {3}13 succeeded {3}1 failed/)
  expect(out).toContain('NOT_WELL_FORMED')
  expect(out).toContain('npx assay serve')
  expect(await demoFolders()).toEqual(before)
})
