import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Check } from '../../src/checks/check.ts'
import { groups } from '../../src/checks/groups.ts'
import { checks, register } from '../../src/checks/registry.ts'
import { observationKinds } from '../../src/dita/observations.ts'

const folder = new URL('../../src/checks/', import.meta.url)
const all = [...checks.values()]

function checkNamed(code: string): Check {
  return { ...checks.get('PROCESSING_TIMEOUT')!, code } as Check
}

describe('the registry', () => {
  test('holds each file of each folder, and no folder is left out', () => {
    const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(groups).sort())
    const files = folders.flatMap(({ name }) => readdirSync(new URL(`${name}/`, folder)))
    expect(all.map(({ code }) => `${code.toLowerCase().replaceAll('_', '-')}.ts`).sort()).toEqual(files.sort())
  })

  test('refuses a file that exports no check', () => {
    expect(() => register([{ group: 'keys', file: 'key-syntax.ts', check: undefined }])).toThrow(
      'checks/keys/key-syntax.ts exports no "check"',
    )
  })

  test('refuses a code that is not that of its file', () => {
    const load = () => register([{ group: 'keys', file: 'key-syntax.ts', check: checkNamed('KEY_SYNTACS') }])
    expect(load).toThrow('checks/keys/key-syntax.ts must have the code KEY_SYNTAX, not KEY_SYNTACS')
  })

  test('refuses a code that two files have', () => {
    const twice = (['keys', 'ditaval'] as const).map((group) => ({ group, file: 'key-syntax.js', check: checkNamed('KEY_SYNTAX') }))
    expect(() => register(twice)).toThrow('checks/ditaval/key-syntax.js has the code of another check: KEY_SYNTAX')
  })
})

describe('every check', () => {
  test.each(all)('$code is described in whole sentences', (check) => {
    for (const text of [check.wants, check.why, check.remedy]) {
      expect(text).toMatch(/^[A-Za-z].*[.)]$/s)
      expect(text.split(' ').length).toBeGreaterThanOrEqual(3)
    }
  })

  test.each(all)('$code is an error only where no trustworthy tree exists', (check) => {
    expect(check.severity === 'error').toBe(check.looksAt === 'failure' || check.looksAt === 'processing')
  })

  test.each(all.filter(({ ditaOt }) => ditaOt !== undefined))('$code names messages of DITA-OT once each', ({ ditaOt = [] }) => {
    for (const id of ditaOt) expect(id).toMatch(/^DOT[AJX]\d{3}[EFIW]$/)
    expect(new Set(ditaOt).size).toBe(ditaOt.length)
  })
})

test('every kind of observation is read by some check', async () => {
  const sources = await Promise.all(all.map(async ({ code, group }) => readSource(group, code)))
  const unread = Object.keys(observationKinds).filter((kind) => !sources.some((source) => new RegExp(`'${kind}'`).test(source)))
  expect(unread).toEqual([])
})

async function readSource(group: string, code: string): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  return readFile(new URL(`${group}/${code.toLowerCase().replaceAll('_', '-')}.ts`, folder), 'utf8')
}
