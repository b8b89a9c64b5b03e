import { expect, test } from 'vitest'
import { takeTurns } from '../../src/processing/take-turns.ts'

test('as many tasks as wanted run side by side, the others in the order in which they came, also after one that fails', async () => {
  const inTurn = takeTurns(2)
  const log: string[] = []
  const ends = new Map<string, PromiseWithResolvers<void>>()
  const run = (name: string) =>
    inTurn(async () => {
      log.push(name)
      const end = Promise.withResolvers<void>()
      ends.set(name, end)
      await end.promise
      return name
    })
  const tasks = ['a', 'b', 'c', 'd'].map(run)
  expect(log).toStrictEqual(['a', 'b'])
  ends.get('b')!.reject(new Error('b failed'))
  await expect(tasks[1]).rejects.toThrow('b failed')
  expect(log).toStrictEqual(['a', 'b', 'c'])
  ends.get('c')!.resolve()
  expect(await tasks[2]).toBe('c')
  const late = run('e')
  expect(log).toStrictEqual(['a', 'b', 'c', 'd'])
  for (const name of ['a', 'd']) ends.get(name)!.resolve()
  await Promise.all([tasks[0], tasks[3]])
  ends.get('e')!.resolve()
  expect(await late).toBe('e')
})
