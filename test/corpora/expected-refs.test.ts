/**
 * Real DITA sets, compared with what an independent resolver found in them (`<set>.expected-refs.json` beside each set): root elements, topic
 * ids, elements, direct references by status, and each reference that is not fine.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readDocument } from '../../src/dita/read-document.ts'
import type { DocumentReading } from '../../src/dita/reading.ts'
import { findLoops } from '../../src/dita/resolve/loops.ts'
import { type Candidate, type ResolvedReference, resolveReferences } from '../../src/dita/resolve/resolve-references.ts'
import { foldKey } from '../../src/model/fold-hash.ts'

interface ExpectedDocument {
  readonly root: string
  readonly topicIds: readonly string[]
  readonly elements: number
  readonly directRefs: Readonly<Record<string, number>>
  readonly keyRefs: number
  readonly notOk?: readonly { line: number; element: string; attribute: string; value: string; status: string }[]
}

interface ExpectedSet {
  readonly totals: Readonly<Record<string, number>>
  readonly documents: number
  readonly files: Readonly<Record<string, ExpectedDocument>>
}

/** Places differ where an attribute does not stand on the line of its tag: the oracle names the tag's line, we the attribute's. */
const attributeLines: Readonly<Record<string, number>> = { 'tc-conref/conref-range/topics/using_topic_01.dita conrefend 19': 20 }

const folder = process.env.ASSAY_CORPORA
const sets = folder === undefined ? [] : readdirSync(join(folder, 'real-small')).filter((name) => name.endsWith('.expected-refs.json'))

/** How the oracle calls the state of a direct reference. */
function statusOf({ state }: ResolvedReference, value: string): string {
  if (state === 'peer') return 'scope-peer'
  if (state === 'external') return /^https?:/.test(value) ? 'uri:http' : state
  // The end of a range that is not there has a code of its own.
  if (state === 'REF_FRAGMENT_MISSING' || state === 'CONREF_UNRESOLVED' || state === 'CONREF_RANGE') return 'missing-fragment'
  return state
}

function readSet(root: string): Map<string, DocumentReading> {
  const readings = new Map<string, DocumentReading>()
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const { reading } = readDocument(`/content/dam/${path.slice(root.length + 1)}`, readFileSync(path))
    if (reading !== null) readings.set(path.slice(root.length + 1), reading)
  }
  return readings
}

function countOf(items: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    Map.groupBy(items, (item) => item)
      .entries()
      .map(([item, all]) => [item, all.length]),
  )
}

test('the corpora are there', () => {
  expect(folder, 'ASSAY_CORPORA names the folder of the corpora').toBeDefined()
  expect(existsSync(join(folder!, 'real-small')), `${folder}/real-small`).toBe(true)
  expect(sets).toHaveLength(8)
})

describe.each(sets)('%s', (file) => {
  const name = file.replace('.expected-refs.json', '')
  const expected = JSON.parse(readFileSync(join(folder!, 'real-small', file), 'utf8')) as ExpectedSet
  const readings = readSet(join(folder!, 'real-small', name))
  const candidates = Map.groupBy(
    Array.from(readings.values(), ({ path, type, targets }): Candidate => ({ path, type, known: true, failed: false, targets })),
    ({ path }) => foldKey(path),
  )
  const directOf = (reading: DocumentReading) =>
    resolveReferences(reading, (key) => candidates.get(key) ?? []).flatMap((resolved, index) => {
      const reference = reading.references[index]!
      return reference.use === 'key' || reference.use === 'name' ? [] : [{ reference, status: statusOf(resolved, reference.value) }]
    })

  test.each(Object.entries(expected.files))('%s', (path, document) => {
    const reading = readings.get(path)!
    expect(reading.rootElement).toBe(document.root)
    expect(reading.targets.topics.map(({ id }) => id)).toEqual(document.topicIds)
    expect(reading.elementCount).toBe(document.elements)
    expect(reading.references.filter(({ use }) => use === 'key')).toHaveLength(document.keyRefs)
    const direct = directOf(reading)
    expect(countOf(direct.map(({ status }) => status))).toEqual(document.directRefs)
    const fine = new Set(['ok', 'uri:http', 'scope-peer'])
    const notOk = direct
      .filter(({ status }) => !fine.has(status))
      .map(({ reference: { line, element, attribute, value }, status }) => ({ line, element, attribute, value, status }))
    const wanted = (document.notOk ?? []).map((item) => ({
      ...item,
      line: attributeLines[`${name}/${path} ${item.attribute} ${item.line}`] ?? item.line,
    }))
    expect(notOk).toEqual(wanted)
  })

  test('has the same totals, and no loops', () => {
    const statuses = Object.keys(expected.files).flatMap((path) => directOf(readings.get(path)!).map(({ status }) => status))
    expect(countOf(statuses)).toEqual(expected.totals)
    expect(Object.keys(expected.files)).toHaveLength(expected.documents)
    expect(findLoops([...readings.values()])).toEqual([])
  })
})
