import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const pages = [...filesIn('.', false), ...filesIn('docs'), ...filesIn('examples')].filter((name) => name.endsWith('.md'))
const sources = [...filesIn('src'), ...filesIn('test'), ...filesIn('bench')]

it.each(pages)('%s links to files that are there', (page) => {
  const links = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#\s`]+)/g)].map(([, link]) => link!)
  expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([])
})

it.each(['ARCHITECTURE.md', 'CONTRIBUTING.md'])('%s names sources that are there', (page) => {
  const names = [...textOf(page).matchAll(/`([\w./-]+\.ts)`/g)].map(([, name]) => name!)
  expect(names.length).toBeGreaterThan(5)
  expect(names.filter((name) => !sources.some((source) => source.endsWith(`/${name}`) || source === name))).toEqual([])
})

it('the index of decisions names every decision, in their order', () => {
  const named = [...textOf('docs/decisions/README.md').matchAll(/^\| \[\d+\]\((.*?)\)/gm)].map(([, name]) => name)
  expect(named).toEqual(
    filesIn('docs/decisions')
      .map((page) => page.slice('docs/decisions/'.length))
      .filter((name) => /^\d/.test(name))
      .sort(),
  )
})

function filesIn(folder: string, recursive = true): string[] {
  return readdirSync(folder, { recursive, encoding: 'utf8' }).map((name) => join(folder, name))
}

function textOf(page: string): string {
  return readFileSync(page, 'utf8')
}
