import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { walkFolder } from '../../src/cli/import/walk-folder.ts'

let outer: string
let root: string
beforeAll(async () => {
  outer = await mkdtemp(join(tmpdir(), 'assay-walk-'))
  root = join(outer, 'root')
  for (const folder of ['b/inner', '.git', 'a']) await mkdir(join(root, folder), { recursive: true })
  await writeFile(join(outer, 'secret'), 'outside')
  const names = [
    'a/[1] %20.dita',
    'b/inner/x.dita',
    'b/e\u0301.dita',
    'b/😀.dita',
    'two\nlines.dita',
    '.DS_Store',
    '.git/config',
    '~lock',
    'x.dita~',
    'x.tmp',
    'Thumbs.db',
  ]
  for (const name of names) await writeFile(join(root, name), name)
  await symlink(join(outer, 'secret'), join(root, 'out.dita'))
  await symlink('b/inner/x.dita', join(root, 'in.dita'))
  await symlink('..', join(root, 'b', 'up'))
  await symlink('inner', join(root, 'b', 'folder-link'))
  await symlink('nowhere', join(root, 'dangling'))
  // The bytes of a name in Latin-1, which is no UTF-8.
  await writeFile(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9]), Buffer.from('.dita')]), 'x')
})
afterAll(() => rm(outer, { recursive: true }))

test('finds files by name, keeps odd names as they are, and says what it leaves out', async () => {
  const { files, skipped, unreadable } = walkFolder(root)
  expect(files.map(({ relative }) => relative).sort()).toEqual(
    ['a/[1] %20.dita', 'b/e\u0301.dita', 'b/inner/x.dita', 'b/😀.dita', 'in.dita', 'two\nlines.dita'].sort(),
  )
  const reasons = Object.fromEntries(skipped.map(({ relative, reason }) => [relative, reason]))
  const passedOver = ['.DS_Store', '.git', '~lock', 'x.dita~', 'x.tmp', 'Thumbs.db'].map((name) => [name, 'hidden or temporary'])
  expect(reasons).toEqual({
    ...Object.fromEntries(passedOver),
    'out.dita': 'a link that leads out of the folder',
    'b/up': 'a link that leads out of the folder',
    'b/folder-link': 'a link to a folder',
  })
  expect(unreadable).toEqual(
    expect.arrayContaining([
      { relative: 'caf\ufffd.dita', reason: 'its name is not valid UTF-8' },
      { relative: 'dangling', reason: 'it leads nowhere' },
    ]),
  )
  expect(unreadable).toHaveLength(2)
})

test('a folder that cannot be read is an error', () => {
  expect(() => walkFolder(join(outer, 'missing'))).toThrow('ENOENT')
})
