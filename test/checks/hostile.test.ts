import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { maxExcerptCharacters, maxProblemsPerAsset, maxShownValueCharacters } from '../../src/model/document-limits.ts'
import { compareProblems } from '../../src/model/problem.ts'
import { readTree, type TreeAsset } from './read-tree.ts'

/** What `expected.json` says of a file; its own "reading" section explains the fields. */
interface Expectation {
  readonly accept: readonly string[]
  readonly codes: readonly string[]
  readonly codesIfFailure?: readonly string[]
  readonly refs?: number
  readonly refsByAttribute?: Readonly<Record<string, number>>
}

const folder = join(import.meta.dirname, '../fixtures/hostile')
const root = '/content/dam/hostile/'
const expected: Record<string, Expectation> = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')).files
/** Assets whose names a checkout on Windows or macOS cannot hold, or would change: they are in the tree without being files. */
const onlyInTree = [
  'upper-LOWER.dita',
  'cafe\u0301-nfd.dita',
  '\u65e5\u672c\u8a9e\u6587\u66f8.dita',
  'name%20literal-percent.dita',
  'name&amp;and#hash.dita',
  'name;semi\'quote"double.dita',
  'trailing-dot..dita',
]
const tree = await readHostile()

async function readHostile(): Promise<Map<string, TreeAsset>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const contents = files.map(async (file): Promise<[string, Uint8Array]> => [root + relative(folder, file), await readFile(file)])
  const topic = await readFile(join(folder, 'target-good.dita'))
  return readTree(
    new Map([...(await Promise.all(contents)), ...onlyInTree.map((name): [string, Uint8Array] => [`${root}names/${name}`, topic])]),
  )
}

function assetAt(file: string): TreeAsset {
  const asset = tree.get(root + file)
  if (asset === undefined) throw new Error(`there is no ${file}`)
  return asset
}

function outcomeOf({ problems }: TreeAsset): string {
  if (problems.some(({ severity }) => severity === 'error')) return 'FAILURE'
  return problems.some(({ severity }) => severity === 'warning') ? 'SUCCESS_WITH_WARNINGS' : 'SUCCESS'
}

/** Whether a key is defined is a question to a root map, not to a document. */
function needsRootMap(code: string): boolean {
  return code.startsWith('KEY_') && code !== 'KEY_SYNTAX' && code !== 'KEY_DUPLICATE'
}

function isAboutKeysAlone({ codes }: Expectation): boolean {
  return codes.length > 0 && codes.every(needsRootMap)
}

const entries = Object.entries(expected)
const read = entries.filter(([file]) => outcomeOf(assetAt(file)) !== 'FAILURE')

describe('every hostile file', () => {
  test('is expected, but for the names that only serve as targets', () => {
    const unexpected = [...tree.keys()].map((path) => path.slice(root.length)).filter((file) => !(file in expected))
    expect(unexpected.filter((file) => !file.startsWith('names/'))).toEqual(['expected.json'])
  })

  test.each(entries)('%s ends as expected, for an expected reason', (file, expectation) => {
    const asset = assetAt(file)
    const outcome = outcomeOf(asset)
    const aboutKeys = isAboutKeysAlone(expectation)
    expect(aboutKeys ? [...expectation.accept, 'SUCCESS'] : expectation.accept).toContain(outcome)
    const wanted = outcome === 'FAILURE' ? (expectation.codesIfFailure ?? expectation.codes) : expectation.codes
    if (wanted.length === 0 || aboutKeys) return
    const found = asset.problems.map(({ code }) => code)
    expect(
      wanted.filter((code) => found.includes(code)),
      `${found}`,
    ).not.toEqual([])
  })

  test('that needs a root map is counted', () => {
    expect(entries.filter(([, expectation]) => isAboutKeysAlone(expectation))).toHaveLength(9)
  })

  test.each(read.filter(([, { refs }]) => refs !== undefined))('%s has its references', (file, { refs }) => {
    expect(assetAt(file).reading?.references).toHaveLength(refs!)
  })

  test.each(read.filter(([, expectation]) => expectation.refsByAttribute !== undefined))(
    '%s has its references by attribute',
    (file, { refsByAttribute }) => {
      const byAttribute = Map.groupBy(assetAt(file).reading!.references, ({ attribute }) => attribute)
      expect(Object.fromEntries(Array.from(byAttribute, ([attribute, { length }]) => [attribute, length]))).toEqual(refsByAttribute)
    },
  )

  test.each(entries)('%s has problems that are short, complete and in order', (file) => {
    for (const { code, message, remedy, line, column, excerpt, severity } of assetAt(file).problems) {
      expect(message.length, message).toBeLessThanOrEqual(10 * maxShownValueCharacters)
      expect(message).not.toMatch(/[\p{Cc}\u202e\ufffd]|undefined|null|NaN/u)
      expect(excerpt?.length ?? 0).toBeLessThanOrEqual(maxExcerptCharacters)
      expect(excerpt ?? '').not.toMatch(/[^\P{Cc}\t]/u)
      expect(remedy).not.toBe('')
      expect(line === null, code).toBe(column === null)
      if (line !== null) expect(Math.min(line, column!)).toBeGreaterThanOrEqual(1)
      expect(severity === 'error').toBe(outcomeOf(assetAt(file)) === 'FAILURE')
    }
    for (const { problems } of assetAt(file).reports) expect(problems).toEqual(problems.toSorted(compareProblems))
  })
})

describe('what the files must show besides', () => {
  test('20,000 dangling references are counted exactly and stored bounded', () => {
    const [, report] = assetAt('generated/limit-20k-dangling-xrefs.dita').reports
    expect(report!.countsByCode).toEqual(new Map([['REF_TARGET_MISSING', 20_000]]))
    expect(report!.counts).toEqual({ error: 0, warning: 20_000, info: 0 })
    expect(report!.problems).toHaveLength(maxProblemsPerAsset)
  })

  test('lines that end with CR alone are counted', () => {
    expect(assetAt('enc-cr-only.dita').reading?.idPlaces.at(-1)?.line).toBeGreaterThan(1)
  })

  test('mismatched tags are reported with line and column', () => {
    expect(assetAt('wf-mismatched-tags.dita').problems).toMatchObject([{ line: expect.any(Number), column: expect.any(Number) }])
  })

  test('entities in a value are expanded', () => {
    const values = assetAt('entity-internal-legitimate.ditamap').reading!.references.map(({ value }) => value)
    expect(values).toContain('https://www.example.com/doc/index.html')
  })

  test('names of Object.prototype are keys like others', () => {
    expect(assetAt('dita-prototype-pollution-keys.ditamap').reading!.keys.flatMap(({ keys }) => keys)).toHaveLength(4)
  })

  test('the token -dita-use-conref-target is no reference', () => {
    const values = assetAt('ref-conref-use-target-token.dita').reading!.references.map(({ value }) => value)
    expect(values).not.toContain('-dita-use-conref-target')
  })

  test('a mapref without format is a map', () => {
    const { reading, problems } = assetAt('map-mapref-without-format.ditamap')
    expect(reading!.references.map(({ use, format }) => [use, format])).toEqual([['map', 'ditamap']])
    expect(problems).toEqual([])
  })

  test.each([
    'ref-protocol-relative.dita',
    'ref-windows-drive-path.dita',
    'ref-unc-path.dita',
    'ref-absolute-path.dita',
    'ref-file-uri.dita',
    'ref-path-traversal.dita',
  ])('%s leads to no path of the repository and is not external', (file) => {
    for (const { target, state } of assetAt(file).resolved) {
      expect(target).toBeNull()
      expect(state).not.toBe('external')
    }
  })

  test('all references to odd names resolve', () => {
    const states = assetAt('names/refs-to-odd-names.dita').resolved.map(({ state }) => state)
    expect(states.filter((state) => state !== 'ok' && state !== 'REF_SYNTAX')).toEqual([])
  })

  test('a password in a URL is in no problem', () => {
    const { reading, problems } = assetAt('ref-credentials-in-url.dita')
    const password = /:\/\/[^:/]+:([^@]+)@/.exec(reading!.references[0]!.value)![1]!
    expect(problems.map(({ code }) => code)).toContain('REF_CREDENTIALS')
    expect(JSON.stringify(problems)).not.toContain(password)
  })

  test('an included file is not a reference', () => expect(assetAt('xxe-xinclude-file.dita').reading!.references).toEqual([]))
})
