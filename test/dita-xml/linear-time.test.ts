import { describe, expect, test } from 'vitest'
import { errorOf } from './scan-of.ts'

/** CPU time of this process for the best of three scans: the least disturbed one. */
function costOf(document: string): number {
  const bytes = Buffer.from(document)
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i++) {
    const start = process.cpuUsage()
    errorOf(bytes)
    const { user, system } = process.cpuUsage(start)
    best = Math.min(best, user + system)
  }
  return best
}

function repeated(times: number, piece: (i: number) => string): string {
  return Array.from({ length: times }, (_, i) => piece(i)).join('')
}

/** Names of one hash: `Aa` and `BB` hash alike. */
function colliding(i: number): string {
  return Array.from({ length: 16 }, (_, bit) => ((i >> bit) & 1 ? 'Aa' : 'BB')).join('')
}

const shapes: Record<string, (n: number) => string> = {
  'many elements': (n) => `<a>${'<b></b>'.repeat(n)}</a>`,
  'elements never closed': (n) => `<a>${'<b>'.repeat(n)}`,
  'one long text of brackets': (n) => `<a>${']'.repeat(10 * n)}</a>`,
  'one long comment of single hyphens': (n) => `<a><!--${'- '.repeat(5 * n)}--></a>`,
  'one long attribute': (n) => `<a b="${'x\n'.repeat(5 * n)}"/>`,
  'many character references': (n) => `<a b="${'&#65;'.repeat(n)}">${'&amp;'.repeat(n)}</a>`,
  'one character reference of many digits': (n) => `<a>&#${'0'.repeat(10 * n)}65;</a>`,
  'many distinct names': (n) => `<a>${repeated(n, (i) => `<n${i}/>`)}</a>`,
  'names of one hash': (n) => `<a>${repeated(n / 2, (i) => `<${colliding(i)}/>`)}</a>`,
  'many attributes in every tag': (n) => `<a>${repeated(n / 500, (k) => `<b${repeated(500, (i) => ` a${i}="${k}"`)}/>`)}</a>`,
  'many entity declarations': (n) => `<!DOCTYPE a [${repeated(n / 2, (i) => `<!ENTITY e${i} "">`)}]><a/>`,
  'many attribute declarations': (n) => `<!DOCTYPE a [<!ATTLIST a ${repeated(n / 2, (i) => `a${i} CDATA #IMPLIED `)}>]><a/>`,
  'many attribute defaults': (n) => `<!DOCTYPE a [<!ATTLIST b ${repeated(100, (i) => `a${i} CDATA "" `)}>]><a>${'<b/>'.repeat(n / 50)}</a>`,
  'many declarations of one element': (n) => `<!DOCTYPE a [${repeated(n / 2, (i) => `<!ATTLIST a a${i} CDATA #IMPLIED>`)}]><a/>`,
  'many empty entities': (n) => `<!DOCTYPE a [<!ENTITY e "">]><a>${'&e;'.repeat(n)}</a>`,
  'many prefixes': (n) => `<a>${repeated(n / 2, (i) => `<p${i}:b xmlns:p${i}=""/>`)}</a>`,
  'many unbound prefixes': (n) => `<a>${repeated(n / 2, (i) => `<p${i}:b/>`)}</a>`,
  'an open quote': (n) => `<a b="${'x'.repeat(10 * n)}`,
  'an open CDATA section': (n) => `<a><![CDATA[${']]'.repeat(5 * n)}`,
  'an open declaration': (n) => `<?xml version="${'1'.repeat(10 * n)}`,
}

describe('time is linear in the size of the document', () => {
  test.each(Object.entries(shapes))('%s', (_, shape) => {
    costOf(shape(10_000))
    const small = costOf(shape(10_000))
    const large = costOf(shape(80_000))
    // Eight times the size: a quadratic scan takes 64 times as long. The floor keeps very quick ones from being judged by noise.
    expect(large / Math.max(small, 1_000)).toBeLessThan(24)
  })
})
