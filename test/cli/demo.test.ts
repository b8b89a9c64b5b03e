import { mkdtemp, readdir, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runAssay } from './run-assay.ts'

test('the demo runs by itself, shows failures with their reasons, and leaves nothing behind', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'assay-demo-test-'))
  const { code, out, err } = await runAssay(['demo'], { settings: { TMPDIR: temporary } })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/Uploaded 14 files/)
  expect(out).toMatch(/14 assets {3}13 succeeded {3}1 failed/)
  expect(out).toContain('NOT_WELL_FORMED')
  expect(out).toContain('npx assay serve')
  expect(await readdir(temporary)).toEqual([])
  await rmdir(temporary)
}, 120_000)
