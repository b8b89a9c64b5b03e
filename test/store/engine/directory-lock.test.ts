import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { isNetworkFileSystem } from '../../../src/store/pglite/directory-lock.ts'

test.runIf(process.platform === 'linux')('a network file system is told from a local one', () => {
  expect(isNetworkFileSystem(0x6969)).toBe(true)
  // As a signed number, which is how a 32-bit f_type arrives.
  expect(isNetworkFileSystem(0xff534d42 | 0)).toBe(true)
  expect(isNetworkFileSystem(statfsSync(tmpdir()).type)).toBe(false)
})
