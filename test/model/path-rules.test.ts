import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxPathRuleInstructions, maxPathRules, maxRegexCharacters, maxRegexInstructions } from '../../src/model/path-rule-limits.ts'
import { compilePathRules, decidePath, defaultPathRules, type InvalidRulesError, type PathRules } from '../../src/model/path-rules.ts'

const test = '/content/dam/lang-test'

function isProcessed(rules: PathRules, path: string): boolean {
  return decidePath(compilePathRules(rules), path).processed
}

function findingsOf(rules: PathRules) {
  try {
    compilePathRules(rules)
    return []
  } catch (error) {
    return (error as InvalidRulesError).findings
  }
}

describe('path rules', () => {
  it('begin as those of AEM Guides do', () => {
    for (const [path, processed] of [
      ['/content/dam', true],
      ['/content/dam/a.dita', true],
      ['/content/dam/projects/translation_output', false],
      ['/content/dam/projects/translation_output/x/a.dita', false],
      ['/content/dam/projects/translation_output2/a.dita', true],
      ['/content/other/a.dita', false],
    ] as const)
      expect([path, isProcessed(defaultPathRules, path)]).toEqual([path, processed])
  })

  // The documentation of AEM Guides speaks of folders; what is in them follows.
  it.each([
    {
      example: 'ignore a hierarchy, enable a folder in it',
      ignored: `regex:${test}/.*`,
      enabled: `regex:${test}/.*/parent1`,
      processed: { '/en/parent1': false, '/en/parent1/a.dita': false },
    },
    {
      example: 'ignore a folder, enable the hierarchy',
      ignored: `regex:${test}/.*/parent1`,
      enabled: `regex:${test}/.*`,
      processed: { '/en/parent1': false, '/en/parent1/a.dita': false, '/en/parent2': true, '/en/parent2/a.dita': true },
    },
    {
      example: 'ignore a folder, enable one in it',
      ignored: `regex:${test}/.*/parent1`,
      enabled: `regex:${test}/.*/parent1/child1`,
      processed: {
        '/en/parent1': false,
        '/en/parent1/child2/a.dita': false,
        '/en/parent1/child1': true,
        '/en/parent1/child1/a.dita': true,
      },
    },
    {
      example: 'enable a folder, ignore one in it',
      ignored: `regex:${test}/.*/parent1/child1`,
      enabled: `regex:${test}/.*/parent1`,
      processed: {
        '/en/parent1/child1': false,
        '/en/parent1/child1/a.dita': false,
        '/en/parent1': true,
        '/en/parent1/child2/a.dita': true,
      },
    },
  ])('are as in the worked example of AEM Guides: $example', ({ ignored, enabled, processed }) => {
    const found = Object.keys(processed).map((path) => [path, isProcessed({ ignored: [ignored], enabled: [enabled] }, test + path)])
    expect(Object.fromEntries(found)).toEqual(processed)
  })

  it('decide by the deepest plain path, and ignore on a tie', () => {
    const rules = {
      ignored: ['/content/dam/a', '/content/dam/a/b/c/', 'content/dam/tie'],
      enabled: ['/content/dam', '/content/dam/a/b', '/content/dam/tie'],
    }
    const decide = (path: string) => decidePath(compilePathRules(rules), path)
    expect(decide('/content/dam/a/x')).toEqual({
      processed: false,
      rule: { list: 'ignored', entry: '/content/dam/a', at: '/content/dam/a' },
    })
    expect(decide('/content/dam/a/b/x')).toEqual({
      processed: true,
      rule: { list: 'enabled', entry: '/content/dam/a/b', at: '/content/dam/a/b' },
    })
    expect(decide('/content/dam/a/b/c/x').rule).toMatchObject({ list: 'ignored', entry: '/content/dam/a/b/c' })
    expect(decide('/content/dam/tie/x').processed).toBe(false)
    expect(decide('/elsewhere')).toEqual({ processed: false, rule: null })
  })

  it('match in every Unicode form, and expressions with or without anchors', () => {
    const rules = {
      ignored: ['/content/dam/e\u0301', 'regex:^/content/dam/.*\\.(pdf|e\u0301)$', 'regex:/content/dam/[$]x\\z'],
      enabled: ['/content/dam'],
    }
    for (const path of [
      '/content/dam/\u00e9/a',
      '/content/dam/x.pdf',
      '/content/dam/x.\u00e9',
      '/content/dam/x.pdf/in/it',
      '/content/dam/$x',
    ])
      expect([path, isProcessed(rules, path)]).toEqual([path, false])
    expect(isProcessed(rules, '/content/dam/x.pdf.dita')).toBe(true)
  })

  it('decide what the naive rule decides', () => {
    const segment = fc.constantFrom('a', 'b', 'ab', 'a.b', 'é')
    const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${['content', ...segments].join('/')}`)
    const source = fc
      .array(fc.oneof(segment, fc.constantFrom('.*', '[^/]*', 'a|b', '(a|b)', '.', '/')), { maxLength: 4 })
      .map((parts) => `/content/${parts.join('/')}`)
    const entry = fc.oneof(
      path,
      source.map((regex) => `regex:${regex}`),
    )
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 4 }),
        fc.array(entry, { maxLength: 4 }),
        fc.array(path, { minLength: 1, maxLength: 8 }),
        (ignored, enabled, paths) => {
          const compiled = compilePathRules({ ignored, enabled })
          for (const one of paths) expect([one, decidePath(compiled, one).processed]).toEqual([one, naively({ ignored, enabled }, one)])
        },
      ),
      { numRuns: 500 },
    )
  })

  it('say which entry is wrong, why, and what to write instead', () => {
    const ignored = [
      '/a/../b',
      'regex:(',
      'regex:(?=x)y',
      'regex:a)(b',
      'regex:a$|b',
      'regex:',
      'regex:\\Qx',
      `regex:${'x'.repeat(maxRegexCharacters + 1)}`,
      'regex:.{999}',
    ]
    const found = findingsOf({ ignored: [...ignored, '/fine', 'regex:/fine/[^$]*'], enabled: [''] })
    expect(found.map(({ list, index }) => `${list}/${index}`)).toEqual([...ignored.map((_, index) => `ignored/${index}`), 'enabled/0'])
    for (const { detail } of found) expect(detail).toMatch(/^(is|has|contains) .+(: | )(write|use|give|leave|divide)/is)
  })

  it('are limited in number and size', () => {
    expect(findingsOf({ ignored: [], enabled: Array.from({ length: maxPathRules + 1 }, (_, index) => `/x/${index}`) })).toHaveLength(1)
    const large = (letter: string) => `regex:${letter}{${maxRegexInstructions - 50}}`
    const enough = Array.from({ length: Math.ceil(maxPathRuleInstructions / (maxRegexInstructions - 50)) }, (_, index) =>
      large(String.fromCharCode(97 + index)),
    )
    expect(findingsOf({ ignored: enough, enabled: [] })).toMatchObject([
      { index: null, detail: expect.stringContaining('too large together') },
    ])
    expect(findingsOf({ ignored: enough.slice(1), enabled: [] })).toEqual([])
  })

  it('with hostile expressions take time that is bounded, whatever the path', () => {
    const hostile = [
      '(a+)+',
      '(.*)*b',
      '(x+x+)+y',
      '((a*)*)*b',
      '(.*a){20}.*b',
      '.*a.{900}b',
      '/content/dam(?:/?a?){240}b',
      '.*(?:/?a?){240}b',
    ].map((one) => `regex:${one}`)
    const rules = compilePathRules({ ignored: hostile, enabled: ['/content/dam'] })
    const startedAt = performance.now()
    for (const path of [`/content/dam${'/a'.repeat(1010)}`, `/content/dam${`/${'a'.repeat(250)}`.repeat(8)}`])
      expect(decidePath(rules, path).processed).toBe(true)
    // Some 0.1 s; an engine that goes back would take years.
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })
})

/** The rule in plain words, on the engine of the language: at the deepest folder that an ignoring rule matches, nothing enables. */
function naively(rules: PathRules, path: string): boolean {
  const levels = [...path.matchAll(/\/[^/]*/g)].map(({ 0: part, index }) => path.slice(0, index + part.length))
  const matches = (entry: string, level: string) =>
    entry.startsWith('regex:') ? new RegExp(`^(?:${entry.slice('regex:'.length)})$`).test(level) : entry === level
  const floor = levels.findLastIndex((level) => rules.ignored.some((entry) => matches(entry, level)))
  return rules.enabled.some((entry) => {
    const isBeaten = floor >= 0 && entry.startsWith('regex:') && matches(entry, levels[floor]!)
    return !isBeaten && levels.findLastIndex((level) => matches(entry, level)) > floor
  })
}
