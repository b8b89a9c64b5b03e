/**
 * The hostile corpus, read and resolved as one repository: outcomes and codes that reading and resolving decide. What the checks make of
 * it is their test's business.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ReadingResult } from '../../src/dita/reading.ts'
import { findLoops } from '../../src/dita/resolve/loops.ts'
import { type Candidate, resolveReferences } from '../../src/dita/resolve/resolve-references.ts'
import { readAsset } from '../../src/media/read-asset.ts'
import { foldKey } from '../../src/model/fold-hash.ts'

interface Expectation {
  readonly file: string
  readonly accept: readonly string[]
  readonly codes: readonly string[]
  readonly refs?: number
  readonly refsByAttribute?: Readonly<Record<string, number>>
}

const folder = new URL('../fixtures/hostile/', import.meta.url).pathname
const { files } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as { files: Record<string, Omit<Expectation, 'file'>> }
const expectations: Expectation[] = Object.entries(files).map(([file, expectation]) => ({ file, ...expectation }))

const results = new Map<string, ReadingResult>()
for (const { file } of expectations) results.set(file, await readAsset(`/content/dam/hostile/${file}`, readFileSync(join(folder, file))))

const candidates = Map.groupBy(
  Array.from(
    results,
    ([file, { reading, failure }]): Candidate => ({
      path: `/content/dam/hostile/${file}`,
      type: (reading ?? failure).type,
      known: true,
      failed: failure !== null,
      targets: reading?.targets ?? null,
    }),
  ),
  ({ path }) => foldKey(path),
)
const readings = [...results.values()].flatMap(({ reading }) => reading ?? [])
const loops = Map.groupBy(findLoops(readings), ({ path }) => path)

/** The codes that references of a file have, loops among them. */
function codesOf(file: string): Set<string> {
  const { reading } = results.get(file)!
  const found = resolveReferences(reading!, (key) => candidates.get(key) ?? []).map(({ state }) => state)
  const looping = loops.get(reading!.path)?.map(({ code }) => code) ?? []
  return new Set([...found, ...looping].filter((state) => /^[A-Z]/.test(state)))
}

const ofReferences = /^(?:REF_|CONREF_|MAP_LOOP)/
/** Push without target is seen in the document itself, not in a reference: there is none. */
const seenElsewhere = new Set(['ref-conref-push-without-target.dita'])

test('every file of the corpus is expected, and every expectation has its file', () => {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'expected.json')
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
  expect(found.sort()).toEqual(expectations.map(({ file }) => file).sort())
  expect(existsSync(join(folder, 'expected.json'))).toBe(true)
})

describe.each(expectations)('$file', ({ file, accept, codes, refs, refsByAttribute }) => {
  const { reading, failure } = results.get(file)!

  test('is read, or refused with a reason', () => {
    expect(accept.some((outcome) => (outcome === 'FAILURE') === (failure !== null))).toBe(true)
    if (failure !== null) {
      expect(codes).toContain(failure.code)
      expect(failure.message).toMatch(/^[A-Z“<].*\.$/s)
    }
  })

  test('has its references', () => {
    if (reading === null) return
    if (refs !== undefined) expect(reading.references).toHaveLength(refs)
    if (refsByAttribute === undefined) return
    const counts = Object.fromEntries(
      Map.groupBy(reading.references, ({ attribute }) => attribute)
        .entries()
        .map(([name, all]) => [name, all.length]),
    )
    expect(counts).toEqual(refsByAttribute)
  })

  test('has references that stand as expected', () => {
    if (reading === null || seenElsewhere.has(file)) return
    const expected = codes.filter((code) => ofReferences.test(code))
    const found = codesOf(file)
    if (expected.length > 0) expect(expected.some((code) => found.has(code))).toBe(true)
    else if (!accept.includes('SUCCESS_WITH_WARNINGS')) expect([...found]).toEqual([])
  })
})

describe('further', () => {
  const reading = (file: string) => results.get(file)!.reading!

  test('text is decoded from the encoding of the document', () => {
    expect(reading('enc-latin1-declared.dita').excerpt(reading('enc-latin1-declared.dita').topics[0]!.place)).toContain('<topic')
    expect(reading('enc-utf16be-bom.dita').encoding).toBe('utf-16be')
    expect(reading('enc-cr-only.dita').topics[0]!.place.line).toBeGreaterThan(1)
  })

  test('names of prototypes are names like others', () => {
    const { keys } = reading('dita-prototype-pollution-keys.ditamap')
    expect(keys.flatMap((key) => key.keys)).toHaveLength(4)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('an entity in an address is expanded', () => {
    const values = reading('entity-internal-legitimate.ditamap').references.map(({ value }) => value)
    expect(values).toContain('https://www.example.com/doc/index.html')
  })

  test('a huge data address is cut where it is kept', () => {
    const [picture] = reading('generated/limit-data-uri-1mb.dita').references
    expect(picture!.value.length).toBeLessThanOrEqual(200)
    expect(picture!.value).toMatch(/^data:.*…$/)
  })

  test('the bomb is not decoded, its size is known', () => {
    expect(reading('img-decompression-bomb.png').dimensions).toEqual({ width: 4000, height: 4000 })
  })
})
