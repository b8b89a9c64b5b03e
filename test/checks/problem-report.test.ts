import { describe, expect, test } from 'vitest'
import { gatherProblems } from '../../src/checks/problem-report.ts'
import { maxProblemsPerAsset, maxProblemsPerCode } from '../../src/model/document-limits.ts'
import type { Problem, Severity } from '../../src/model/problem.ts'

function problem(code: string, severity: Severity, line: number): Problem {
  return { code, severity, message: '', remedy: '', line, column: 1, excerpt: null }
}

describe('gatherProblems', () => {
  test('puts what weighs more first, then goes by place', () => {
    const { problems, counts } = gatherProblems((add) => {
      for (const given of [problem('B', 'info', 1), problem('A', 'warning', 9), problem('C', 'warning', 3)]) add(given, () => given)
    })
    expect(problems.map(({ code }) => code)).toEqual(['C', 'A', 'B'])
    expect(counts).toEqual({ error: 0, warning: 2, info: 1 })
  })

  test('keeps a bounded number, makes no more than it keeps, and counts all', () => {
    let made = 0
    const { problems, counts, countsByCode } = gatherProblems((add) => {
      for (let line = 1; line <= 20_000; line++) {
        add({ code: 'A', severity: 'info' }, () => {
          made++
          return problem('A', 'info', line)
        })
        if (line <= 10) add({ code: 'B', severity: 'warning' }, () => problem('B', 'warning', line))
      }
    })
    expect(made).toBe(maxProblemsPerCode)
    expect(problems).toHaveLength(maxProblemsPerAsset)
    expect(problems.slice(0, 10).every(({ code }) => code === 'B')).toBe(true)
    expect(counts).toEqual({ error: 0, warning: 10, info: 20_000 })
    expect(countsByCode).toEqual(
      new Map([
        ['A', 20_000],
        ['B', 10],
      ]),
    )
  })
})
