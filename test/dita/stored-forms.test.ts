import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeFirstReferences, decodeReferences, encodeReferences } from '../../src/dita/encode-references.ts'
import { decodeTargets, encodeTargets, targetsDigest } from '../../src/dita/encode-targets.ts'
import { type Reference, referenceUses, type TargetTable } from '../../src/dita/reference.ts'
import { readSource, topic } from './read-source.ts'

const index = fc.integer({ min: -1, max: 1_000_000 })
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor', ''))
const maybe = fc.option(text, { nil: null })

const reference: fc.Arbitrary<Reference> = fc.record({
  element: text,
  attribute: text,
  value: text,
  line: index,
  column: index,
  use: fc.constantFrom(...referenceUses),
  scope: fc.constantFrom('local', 'peer', 'external'),
  oddScope: maybe,
  scopeGiven: fc.boolean(),
  resourceOnly: fc.boolean(),
  format: maybe,
  formatGiven: fc.boolean(),
  within: index,
  topic: index,
  own: index,
  conaction: maybe,
  start: index,
  base: maybe,
})

const targets: fc.Arbitrary<TargetTable> = fc.record({
  root: fc.constantFrom('topic', 'map', 'ditaval', 'other'),
  rootElement: text,
  topics: fc.array(fc.record({ id: text, element: text })),
  elements: fc.array(fc.record({ id: text, element: text, topic: index, parent: index, parentNumber: index, position: index })),
})

test('references come back as they were', () => {
  fc.assert(
    fc.property(fc.array(reference), (references) => {
      expect(decodeReferences(encodeReferences(references))).toEqual(references)
    }),
  )
})

test('the first references come back from a beginning of their form, wherever it is cut off', () => {
  fc.assert(
    fc.property(
      fc.array(reference, { maxLength: 4 }),
      fc.nat(5),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (references, limit, share) => {
        const encoded = encodeReferences(references)
        expect(decodeFirstReferences(encoded, Math.max(1, limit))).toEqual(references.slice(0, Math.max(1, limit)))
        const found = decodeFirstReferences(encoded.slice(0, encoded.length * share), 10)
        expect(found).toEqual(references.slice(0, found.length))
        if (share === 1) expect(found).toHaveLength(references.length)
      },
    ),
  )
})

test('targets come back as they were', () => {
  fc.assert(
    fc.property(targets, (table) => {
      expect(decodeTargets(encodeTargets(table))).toEqual(table)
    }),
  )
})

test('another version of the form is refused', () => {
  expect(() => decodeReferences('[99,[],[]]')).toThrow(RangeError)
  expect(() => decodeTargets('[99,"topic","topic",[],[],[]]')).toThrow(RangeError)
})

describe('the digest', () => {
  const digest = (body: string) => {
    const { targets: table, references } = readSource(topic(body))
    return targetsDigest(table, references)
  }
  const base = '<p id="a">x</p><ul><li id="l1"/><li id="l2"/></ul>'

  test.each([
    ['text', '<p id="a">other</p><ul><li id="l1"/><li id="l2"/></ul>'],
    ['a paragraph without id', '<p/><p id="a">x</p><note/><ul><li/><li id="l1"/><li>y</li><li id="l2"/></ul>'],
    ['a link', '<p id="a"><xref href="x.dita"/></p><ul><li id="l1"/><li id="l2"/></ul>'],
  ])('stays when %s changes', (_, body) => expect(digest(body)).toBe(digest(base)))

  test.each([
    ['an id', '<p id="b">x</p><ul><li id="l1"/><li id="l2"/></ul>'],
    ['an element', '<note id="a">x</note><ul><li id="l1"/><li id="l2"/></ul>'],
    ['an order', '<p id="a">x</p><ul><li id="l2"/><li id="l1"/></ul>'],
    ['a parent', '<p id="a">x</p><ul><li id="l1"/></ul><ul><li id="l2"/></ul>'],
    ['what encloses it', '<section id="a"><ul><li id="l1"/><li id="l2"/></ul></section>'],
    ['what it pulls', '<p id="a" conref="x#y/z">x</p><ul><li id="l1"/><li id="l2"/></ul>'],
  ])('changes with %s', (_, body) => expect(digest(body)).not.toBe(digest(base)))
})
