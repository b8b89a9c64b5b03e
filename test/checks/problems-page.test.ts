import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { path, render } from '../../scripts/generate/problems.ts'
import { checks } from '../../src/checks/registry.ts'

const page = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')

test('the page is what the checks give', async () => expect(page).toBe(await render()))

test('the page and the registry have the same codes', () => {
  const described = [...page.matchAll(/^### (\w+)$/gm)].map(([, code]) => code)
  expect(described.toSorted()).toEqual([...checks.keys()].toSorted())
  const listed = [...page.matchAll(/\[(\w+)\]\(#(\w+)\)/g)]
  expect(listed.map(([, code]) => code)).toEqual(described)
  for (const [, code, anchor] of listed) expect(anchor).toBe(code?.toLowerCase())
})
