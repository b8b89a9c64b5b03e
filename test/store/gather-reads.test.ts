import { describe, expect, it } from 'vitest'
import { gatherReads } from '../../src/store/gather-reads.ts'

type Answer = PromiseWithResolvers<ReadonlyMap<string, number>>

/** A reader whose queries are answered by hand. */
function openReads() {
  const queries: { readonly keys: readonly string[]; readonly answer: Answer }[] = []
  let begun = Promise.withResolvers<void>()
  const find = gatherReads<number>((keys) => {
    const answer: Answer = Promise.withResolvers()
    queries.push({ keys, answer })
    begun.resolve()
    return answer.promise
  })
  const nextQuery = async () => {
    await begun.promise
    begun = Promise.withResolvers()
    return queries.at(-1)!
  }
  return { find, queries, nextQuery }
}

describe('reads that are gathered', () => {
  it('are one query for all that ask in one turn, and for all that ask while it is under way one more', async () => {
    const { find, queries, nextQuery } = openReads()
    const first = [find('a'), find('b'), find('a')]
    const { keys, answer } = await nextQuery()
    expect(keys).toEqual(['a', 'b'])
    const later = [find('a'), find('c')]
    answer.resolve(new Map([['a', 1]]))
    expect(await Promise.all(first)).toEqual([1, null, 1])
    const second = await nextQuery()
    expect(second.keys).toEqual(['a', 'c'])
    // What was read before the later ones asked does not answer them.
    second.answer.resolve(new Map([['a', 2]]))
    expect(await Promise.all(later)).toEqual([2, null])
    expect(queries).toHaveLength(2)
  })

  it('fail together, and leave the next ones alone', async () => {
    const { find, nextQuery } = openReads()
    const failing = [find('a'), find('b')]
    const { answer } = await nextQuery()
    const next = find('a')
    answer.reject(new Error('The database is away.'))
    for (const outcome of await Promise.allSettled(failing)) expect(outcome.status).toBe('rejected')
    const query = await nextQuery()
    query.answer.resolve(new Map([['a', 1]]))
    expect(await next).toBe(1)
  })
})
