import { describe, expect, it } from 'vitest'
import { createGroupCommit } from '../../src/processing/group-commit.ts'

interface Item {
  readonly key: string
  readonly bytes: number
}

/** A commit whose groups are recorded, and which waits for the test's word. */
function recordedCommit(maxItems = 3, maxBytes = 100, besideBytes = Number.POSITIVE_INFINITY) {
  const groups: { keys: string[]; finish: (error?: Error, onlyOf?: string) => void }[] = []
  const receive = createGroupCommit<Item, string>(
    (items) => {
      const { promise, resolve, reject } = Promise.withResolvers<(string | Error)[]>()
      const keys = items.map((item) => item.key)
      groups.push({
        keys,
        finish: (error, onlyOf) =>
          error && !onlyOf ? reject(error) : resolve(keys.map((key) => (error && key === onlyOf ? error : `done ${key}`))),
      })
      return promise
    },
    { maxItems, maxBytes, besideBytes, sizeOf: (item) => item.bytes, keyOf: (item) => item.key },
  )
  return { groups, receive: (key: string, bytes = 1) => receive({ key, bytes }) }
}

describe('createGroupCommit', () => {
  it('commits a lonely item at once and gathers what comes meanwhile', async () => {
    const { groups, receive } = recordedCommit()
    const first = receive('a')
    const others = [receive('b'), receive('c')]
    expect(groups.map((group) => group.keys)).toEqual([['a']])
    groups[0]!.finish()
    expect(await first).toBe('done a')
    expect(groups.map((group) => group.keys)).toEqual([['a'], ['b', 'c']])
    groups[1]!.finish()
    expect(await Promise.all(others)).toEqual(['done b', 'done c'])
  })

  it('keeps the order of items with the same key, one to a group', async () => {
    const { groups, receive } = recordedCommit(10)
    const all = ['x', 'a', 'b', 'a', 'c', 'a'].map((key) => receive(key))
    for (let index = 0; index < 4; index++) {
      groups[index]!.finish()
      await all[[0, 1, 3, 5][index]!]
    }
    await Promise.all(all)
    expect(groups.map((group) => group.keys)).toEqual([['x'], ['a', 'b', 'c'], ['a'], ['a']])
  })

  it('respects the limits, but takes an item over the size limit alone', async () => {
    const { groups, receive } = recordedCommit(2, 100)
    const all = [receive('first'), receive('huge', 1000), receive('a', 60), receive('b', 60), receive('c', 1), receive('d', 1)]
    for (const _ of [0, 1, 2, 3]) {
      groups.at(-1)!.finish()
      await new Promise(setImmediate)
    }
    await Promise.all(all)
    expect(groups.map((group) => group.keys)).toEqual([['first'], ['huge'], ['a', 'c'], ['b', 'd']])
  })

  it('commits one large group beside another, but no item beside one of its own key', async () => {
    const { groups, receive } = recordedCommit(10, 100, 50)
    const all = [receive('a'), receive('a', 30), receive('b', 30), receive('c', 60)]
    expect(groups.map((group) => group.keys)).toEqual([['a'], ['b']])
    groups[0]!.finish()
    await all[0]
    expect(groups.map((group) => group.keys)).toEqual([['a'], ['b'], ['a', 'c']])
    for (const { finish } of groups) finish()
    expect(await Promise.all(all)).toEqual(['done a', 'done a', 'done b', 'done c'])
  })

  it('fails those items of a group for which an error is given', async () => {
    const { groups, receive } = recordedCommit()
    const first = receive('first')
    const others = [receive('a'), receive('b')]
    groups[0]!.finish()
    await first
    groups[1]!.finish(new Error('no room for a'), 'a')
    const outcomes = await Promise.allSettled(others)
    expect(outcomes).toMatchObject([{ reason: { message: 'no room for a' } }, { value: 'done b' }])
  })

  it('fails the items of a failed group and goes on', async () => {
    const { groups, receive } = recordedCommit()
    const first = receive('a')
    const second = receive('b')
    groups[0]!.finish(new Error('disk full'))
    await expect(first).rejects.toThrow('disk full')
    groups[1]!.finish()
    expect(await second).toBe('done b')
  })
})
