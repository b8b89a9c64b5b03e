import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { covers } from '../../src/model/asset-path.ts'
import { outcomeOfLetter, overlap, runOutcomeLetters } from '../../src/model/run.ts'
import { estimate, type RunMark, rateOf, withMark } from '../../src/model/run-progress.ts'
import { accepts, runEvents, runLifecycle, runStatuses } from '../../src/model/run-status.ts'

describe('the life of a run', () => {
  it('ends: a run is over, can be stopped, or can go on', () => {
    for (const status of runStatuses) {
      const isActive = accepts(status, 'cancelled')
      expect(accepts(status, 'failed')).toBe(isActive)
      expect(accepts(status, 'begun')).toBe(isActive)
      expect(isActive && accepts(status, 'resumed')).toBe(false)
    }
  })

  it('reaches SUCCESS only from PROCESSING, and leaves it never', () => {
    for (const status of runStatuses) {
      for (const event of runEvents) expect(runLifecycle[status][event] === 'SUCCESS').toBe(status === 'PROCESSING' && event === 'finished')
    }
    expect(Object.values(runLifecycle.SUCCESS).every((next) => next === null)).toBe(true)
  })
})

describe('overlapping', () => {
  it.each([
    ['/content/dam/a', [], '/content/dam/a', [], true],
    ['/content/dam/a', [], '/content/dam/a/b', [], true],
    ['/content/dam/a', [], '/content/dam/ab', [], false],
    ['/content/dam', ['/content/dam/a'], '/content/dam/a', [], false],
    ['/content/dam', ['/content/dam/a'], '/content/dam/a/b', [], false],
    ['/content/dam', ['/content/dam/a/b'], '/content/dam/a', [], true],
    ['/content/dam/a', [], '/content/dam', ['/content/dam/b'], true],
    ['/content/dam/é'.normalize('NFC'), [], '/content/dam/é/x'.normalize('NFD'), [], true],
  ])('%s without %j and %s without %j: %s', (path, excluded, other, otherExcluded, expected) => {
    expect(overlap({ path, excluded }, { path: other, excluded: otherExcluded })).toBe(expected)
    expect(overlap({ path: other, excluded: otherExcluded }, { path, excluded })).toBe(expected)
  })

  it('is never missed where both take an asset', () => {
    const path = fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }).map((segments) => ['/content/dam', ...segments].join('/'))
    const scope = fc.record({ path, excluded: fc.array(path, { maxLength: 2 }) })
    const takes = (one: { path: string; excluded: string[] }, asset: string) =>
      covers(one.path, asset) && !one.excluded.some((excluded) => covers(excluded, asset))
    fc.assert(
      fc.property(scope, scope, path, (one, other, asset) => {
        if (takes(one, asset) && takes(other, asset)) expect(overlap(one, other)).toBe(true)
      }),
    )
  })
})

describe('outcomes', () => {
  it('have a letter each', () => {
    for (const [outcome, letter] of Object.entries(runOutcomeLetters)) expect(outcomeOfLetter(letter)).toBe(outcome)
    expect(() => outcomeOfLetter('?')).toThrow(RangeError)
  })
})

describe('how long a run will take', () => {
  const marksOf = (perSecond: readonly number[]): RunMark[] => {
    let done = 0
    return [{ atMs: 0, done: 0 }, ...perSecond.map((count, index) => ({ atMs: (index + 1) * 1000, done: (done += count) }))]
  }

  it('is not foretold before there is enough to see, nor while nothing moves', () => {
    expect(estimate([], 100)).toBeNull()
    expect(estimate(marksOf([50]), 100)).toBeNull()
    expect(estimate(marksOf([0, 0, 0, 0]), 100)).toBeNull()
    expect(rateOf(marksOf([50]))).toBeNull()
  })

  it('is nothing when nothing is left', () => {
    expect(estimate([], 0)).toEqual({ seconds: 0, low: 0, high: 0 })
  })

  it('is what is left by the rate, and not surer than a tenth', () => {
    const marks = marksOf(Array.from({ length: 60 }, () => 100))
    expect(rateOf(marks)).toBe(100)
    const { seconds, low, high } = estimate(marks, 9_000)!
    expect(seconds).toBeCloseTo(90)
    expect(low).toBeCloseTo(9_000 / 110)
    expect(high).toBeCloseTo(100)
  })

  it('is less sure where the rate varies, and open where there may be no end', () => {
    const even = estimate(marksOf(Array.from({ length: 64 }, () => 100)), 10_000)!
    const uneven = estimate(marksOf(Array.from({ length: 64 }, (_, second) => (Math.floor(second / 8) % 2 === 0 ? 150 : 50))), 10_000)!
    expect(uneven.seconds).toBeCloseTo(even.seconds)
    expect(uneven.high! - uneven.low).toBeGreaterThan(2 * (even.high! - even.low))
    expect(estimate(marksOf([100, 0, 0, 0, 0, 0, 0, 0]), 1000)!.high).toBeNull()
  })

  it('holds the truth nine times in ten', () => {
    let held = 0
    const random = fc.sample(fc.array(fc.integer({ min: 20, max: 180 }), { minLength: 200, maxLength: 200 }), { numRuns: 300, seed: 3 })
    for (const counts of random) {
      const { low, high } = estimate(marksOf(counts.slice(0, 40)), 5_000)!
      let [seconds, done] = [0, 0]
      while (done < 5_000) done += counts[40 + (seconds++ % 160)]!
      if (low <= seconds && (high === null || seconds <= high)) held++
    }
    expect(held / 300).toBeGreaterThan(0.85)
  })

  it('looks at the last minutes only', () => {
    let marks: RunMark[] = []
    for (let second = 0; second <= 600; second++)
      marks = withMark(marks, { atMs: second * 1000, done: Math.min(second, 300) * 10 + Math.max(0, second - 300) })
    expect(marks.length).toBeLessThanOrEqual(200)
    expect(rateOf(marks)).toBe(1)
  })
})
