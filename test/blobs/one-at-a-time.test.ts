import { expect, test } from 'vitest'
import { createOneAtATime } from '../../src/blobs/one-at-a-time.ts'

test('tasks of one key wait for each other, also after a failure, and those of other keys do not', async () => {
  const oneAtATime = createOneAtATime()
  const first = Promise.withResolvers<void>()
  const said: string[] = []
  const failing = oneAtATime('a', async () => {
    await first.promise
    said.push('a1')
    throw new Error('disk full')
  })
  const second = oneAtATime('a', async () => said.push('a2'))
  await oneAtATime('b', async () => said.push('b'))
  first.resolve()
  await expect(failing).rejects.toThrow('disk full')
  await second
  expect(said).toEqual(['b', 'a1', 'a2'])
})
