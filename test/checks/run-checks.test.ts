import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checks } from '../../src/checks/registry.ts'
import { checkDocument, describeFailure, describeReference, describeReferences } from '../../src/checks/run-checks.ts'
import { readDocument } from '../../src/dita/read-document.ts'
import type { Reference } from '../../src/dita/reference.ts'
import type { ResolvedReference } from '../../src/dita/resolve/resolve-references.ts'
import { readTree } from './read-tree.ts'

const path = '/content/dam/manual/pump.dita'

function topic(body: string): Buffer {
  return Buffer.from(`<topic id="pump">\n<title>The pump</title>\n<body>${body}</body>\n</topic>`)
}

function resolved(state: string): ResolvedReference {
  return { state, target: null, nearTarget: null, targetTable: null, detail: null }
}

function firstReference(body: string): Reference {
  return readDocument(path, topic(body)).reading!.references[0]!
}

describe('a failure', () => {
  test('of reading is told with its place and the text there', () => {
    const { failure } = readDocument(path, Buffer.from('<topic id="pump">\n  <title>The pump</titel>\n</topic>'))
    expect(describeFailure(failure!)).toMatchObject({
      code: 'NOT_WELL_FORMED',
      severity: 'error',
      line: 2,
      excerpt: '<title>The pump</titel>',
    })
  })

  const processing = [...checks.values()].filter((check) => check.looksAt === 'processing')

  test.each(processing)('of processing is told with what is known: $code', ({ code, remedy }) => {
    const told = describeFailure({ code: code as 'PROCESSING_TIMEOUT', detail: 'exit code 134' })
    expect(told).toMatchObject({ code, severity: 'error', remedy, line: null, column: null, excerpt: null })
    expect(told.message).toMatch(/^[A-Z].*: exit code 134\.$/)
    expect(describeFailure({ code: code as 'PROCESSING_TIMEOUT', detail: null }).message).toMatch(/^[A-Z][^:]*\.$/)
  })

  test('of a code that is none of processing is refused', () => {
    expect(() => describeFailure({ code: 'MISSING_TITLE' as 'PROCESSING_TIMEOUT', detail: null })).toThrow(
      'MISSING_TITLE describes no failure',
    )
  })
})

describe('a reference', () => {
  const reference = firstReference('<p><xref href="oil.dita"/></p>')

  test.each(['ok', 'waiting', 'external', 'peer', 'key', 'name'])('that is %s is no problem', (state) => {
    expect(describeReference(reference, resolved(state))).toBeNull()
    expect(describeReferences([reference], [resolved(state)]).problems).toEqual([])
  })

  test('in a state that no check describes is a fault of ours', () => {
    expect(() => describeReference(reference, resolved('REF_UNHEARD_OF'))).toThrow('no check has the code REF_UNHEARD_OF')
    expect(() => describeReference(reference, resolved('MISSING_TITLE'))).toThrow('MISSING_TITLE describes no state of a reference')
    expect(() => describeReferences([reference], [])).toThrow('reference 0 has not been resolved')
  })

  test('is told where it stands', () => {
    const missing = { ...resolved('REF_TARGET_MISSING'), target: '/content/dam/manual/oil.dita' }
    expect(describeReference(reference, missing)).toMatchObject({
      message: '<xref href="oil.dita"> leads to “/content/dam/manual/oil.dita”, which does not exist.',
      line: 3,
      column: 16,
    })
  })
})

describe('problems', () => {
  test('show no password, in message or excerpt', () => {
    const { reading } = readDocument(path, topic('<p><xref href="https://ada:secret@example.com"/><para/></p>'))
    const { problems } = checkDocument(reading!)
    expect(problems.map(({ code }) => code)).toEqual(['UNKNOWN_ELEMENT', 'REF_SCOPE_ABSENT'])
    expect(JSON.stringify(problems)).not.toContain('secret')
  })

  const part = fc.constantFrom(
    '',
    '/',
    '..',
    '#',
    '.',
    '%',
    '%2F',
    '%zz',
    ' ',
    ':',
    '\\',
    'http',
    'file',
    'pump',
    'oil',
    '.dita',
    '@',
    '?',
    '\u00e9',
    '\u202e',
  )
  const value = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''))
  const name = fc.constantFrom(
    'href',
    'conref',
    'conrefend',
    'keyref',
    'conkeyref',
    'scope',
    'format',
    'conaction',
    'id',
    'xml:lang',
    'class',
  )
  const element = fc.constantFrom('p', 'xref', 'image', 'ul', 'li', 'note', 'draft-comment', 'table', 'tgroup', 'para')
  const body = fc.array(fc.tuple(element, fc.dictionary(name, value)), { maxLength: 6 })

  test('can be told of any document, whatever its attributes say', async () => {
    await fc.assert(
      fc.asyncProperty(body, async (elements) => {
        const markup = elements.map(
          ([tag, attributes]) =>
            `<${tag}${Object.entries(attributes)
              .map(([key, text]) => ` ${key}="${text}"`)
              .join('')}/>`,
        )
        const problems = (await readTree(new Map([[path, topic(markup.join('\n'))]]))).get(path)!.problems
        for (const problem of problems) {
          expect(problem.message).toMatch(/^[^\n\u202e]+\.$/)
          expect(problem.line === null || problem.line >= 1).toBe(true)
        }
      }),
    )
  })
})
