import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { ContentToRead } from '../processing/ports.ts'
import type { ApartSettings, FromApart } from './apart-process.ts'
import { openReader } from './open-reader.ts'
import { withOwnTexts } from './pack-readings.ts'

// With its parent goes the reason to read. Not in order: a thread that hangs may be one that cannot be ended.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
// Linux ends this process before any other when the memory of the machine is full; elsewhere there is no such file.
await writeFile('/proc/self/oom_score_adj', '1000').catch(Boolean)

const [{ entry, ...limits }] = (await once(process, 'message')) as [ApartSettings]
const reader = await openReader({ ...limits, entry: new URL(entry), threads: 1, onThreadEnded: () => {}, onOutput: console.log })
const say = (message: FromApart) => process.send!(message)
process.on('message', (content: ContentToRead) => {
  reader.read([content]).then(
    ([reading]) => say({ reading: withOwnTexts(reading!) }),
    (error) => say({ failed: error instanceof Error ? error.message : String(error) }),
  )
})
say('ready')
