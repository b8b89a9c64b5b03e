import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const here = new URL('.', import.meta.url)
const suites = readdirSync(here).filter((name) => name.endsWith('.test.ts') && name !== 'inventory.test.ts')

const tests = suites.flatMap((file) => {
  const names = readFileSync(new URL(file, here), 'utf8').matchAll(/^\s*it(?:\.runIf\(.+\))?\(\s*'((?:[^'\\]|\\.)+)'/gm)
  return [...names].map(([, name]) => `${file.replace('.test.ts', '')}: ${name}`)
})

const rows = readFileSync(new URL('inventory.md', here), 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 5 && cells[2] !== 'file' && !cells[2]!.startsWith('-'))
  .map(([, , file, test]) => `${file}: ${test}`)

it('names for each promise a test that is there', () => {
  expect(rows.length).toBeGreaterThan(80)
  expect(rows.filter((row) => !tests.includes(row))).toEqual([])
})

it('names every test', () => {
  expect(tests.filter((test) => !rows.includes(test))).toEqual([])
})
