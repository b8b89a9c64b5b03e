import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { AssetPath } from '../../src/model/asset-path.ts'
import { createLogger } from '../../src/observe/logger.ts'
import { createOperatorLog } from '../../src/observe/operator-log.ts'

function collect(): { lines: string[]; destination: { write(line: string): void } } {
  const lines: string[] = []
  return { lines, destination: { write: (line) => void lines.push(line) } }
}

test('an event is one JSON line with its fixed fields', () => {
  const { lines, destination } = collect()
  createOperatorLog(createLogger({ level: 'info', destination })).assetFailed({
    path: '/content/dam/a.dita' as AssetPath,
    revision: 3,
    codes: ['NOT_WELL_FORMED'],
  })
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0]!)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    event: 'asset-failed',
    path: '/content/dam/a.dita',
    revision: 3,
    codes: ['NOT_WELL_FORMED'],
    msg: 'asset failed',
  })
})

test('what is of use only while looking for a fault is not logged at level info', () => {
  const { lines, destination } = collect()
  createOperatorLog(createLogger({ level: 'info', destination })).referencesResolved({ looked: 3, written: 1 })
  expect(lines).toEqual([])
  createOperatorLog(createLogger({ level: 'debug', destination })).referencesResolved({ looked: 3, written: 1 })
  expect(lines).toHaveLength(1)
})

test('credentials that slip into an object are not written', () => {
  const { lines, destination } = collect()
  const logger = createLogger({ level: 'info', destination })
  logger.info(
    { authorization: 'Basic hush-hush', request: { headers: { authorization: 'Bearer hush-hush', cookie: 'hush-hush' } } },
    'seen',
  )
  logger.info({ user: { password: 'hush-hush' }, token: 'hush-hush' }, 'seen')
  expect(lines.join('')).not.toContain('hush-hush')
  expect(lines.join('')).toContain('[secret]')
})

test('a process whose log nobody reads any more goes on, and ends when it is told to', async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./log-until-told.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.stdin.end()
  expect(await once(child, 'exit')).toEqual([7, null])
})
