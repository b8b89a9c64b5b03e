import { expect, test } from 'vitest'
import { createReadingGate } from '../../src/processing/reading-gate.ts'

test('a suspect is read with nobody beside it, batches together, all in the order of arrival, and a failure stops nobody', async () => {
  const gate = createReadingGate()
  const said: string[] = []
  const work =
    (name: string, fails = false) =>
    async () => {
      said.push(`+${name}`)
      await new Promise(setImmediate)
      said.push(`-${name}`)
      if (fails) throw new Error(name)
      return name
    }
  const running = [
    gate.together(work('a', true)),
    gate.together(work('b')),
    gate.alone(work('X', true)),
    gate.alone(work('Y')),
    gate.together(work('c')),
    gate.together(work('d')),
    gate.alone(work('Z')),
  ]
  const results = await Promise.allSettled(running)
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual([
    'failed',
    'b',
    'failed',
    'Y',
    'c',
    'd',
    'Z',
  ])
  expect(said.join(' ')).toBe('+a +b -a -b +X -X +Y -Y +c +d -c -d +Z -Z')
})
