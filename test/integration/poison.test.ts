import { describe, expect, it } from 'vitest'
import { queueRetryLimit } from '../../src/model/queue-limits.ts'
import { startProgram } from '../support/program.ts'
import { createDatabase, createDataDirectory, type EngineName, engines } from '../support/test-database.ts'
import { openPoisoned, type Place } from './poison-harness.ts'

const good = Array.from({ length: 200 }, (_, index) => `${index}.dita`)

async function createPlace(engine: EngineName): Promise<Place & AsyncDisposable> {
  const directory = await createDataDirectory()
  const url = engine === 'postgres' ? await createDatabase() : null
  return { directory: directory.path, url, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() }
}

describe.each(engines)('poison (%s)', (engine) => {
  it('fails alone, with a reason, its neighbours are fine, and another content cures it', async () => {
    await using place = await createPlace(engine)
    await using assay = await openPoisoned(place)
    const poison = { 'hang.dita': 'stall', 'heap.dita': 'exhaust the heap', 'exit.dita': 'exit', 'late.dita': 'throw out of turn' }
    await Promise.all([
      ...good.map((name) => assay.upload(name)),
      ...Object.entries(poison).map(([name, misdeed]) => assay.upload(name, misdeed)),
    ])
    await assay.work()
    const outcomes = await assay.outcomes()
    expect(Object.fromEntries(Object.keys(poison).map((name) => [name, outcomes[name]]))).toEqual({
      'hang.dita': 'FAILURE PROCESSING_TIMEOUT',
      // On a busy machine its time is over before its memory is.
      'heap.dita': expect.stringMatching(/^FAILURE PROCESSING_(MEMORY|TIMEOUT)$/),
      'exit.dita': 'FAILURE PROCESSING_CRASHED',
      'late.dita': 'FAILURE PROCESSING_CRASHED',
    })
    expect(good.filter((name) => outcomes[name] !== 'SUCCESS')).toEqual([])
    await assay.upload('hang.dita')
    expect((await assay.outcomes())['hang.dita']).toBe('SUCCESS')
  })

  it('that kills the whole process, several in one job, is found at its second death, fails, and takes nobody along', async () => {
    await using place = await createPlace(engine)
    const killers = ['a-killer.dita', 'm-killer.dita', 'z-killer.dita']
    {
      await using assay = await openPoisoned(place)
      const neighbours = good.slice(0, 20).map((name) => [name, null] as const)
      const uploads = [...neighbours, ...killers.map((name) => [name, 'kill the process'] as const)]
      await Promise.all(uploads.map(([name, misdeed]) => assay.upload(name, misdeed)))
    }
    let deaths = 0
    let outcomes: Record<string, string> | null = null
    while (outcomes === null) {
      const parameters = place.url === null ? [place.directory] : [place.directory, place.url]
      await using worker = startProgram(new URL('./poisoned-worker.ts', import.meta.url), parameters)
      const { value: line } = await worker.lines.next()
      if (line?.startsWith('settled ')) outcomes = JSON.parse(line.slice('settled '.length))
      else {
        deaths++
        expect([await worker.exited(), worker.errors()]).toEqual([null, ''])
      }
    }
    // One with all of them in one batch. Then they are read apart, where each ends nothing but that process.
    expect(deaths).toBe(1)
    const expected = (name: string) => (killers.includes(name) ? 'FAILURE PROCESSING_CRASHED' : 'SUCCESS')
    expect(outcomes).toEqual(Object.fromEntries(Object.keys(outcomes).map((name) => [name, expected(name)])))
    expect(Object.keys(outcomes)).toHaveLength(20 + killers.length)
    await using assay = await openPoisoned(place)
    expect(new Set(await assay.triesLeft())).toEqual(new Set([queueRetryLimit]))
  })
})
