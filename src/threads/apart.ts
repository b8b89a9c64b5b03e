import { once } from 'node:events'
import { openReader } from './open-reader.ts'
import type { ApartOrder } from './read-apart.ts'

const [{ content, entry, ...limits }] = (await once(process, 'message')) as [ApartOrder]
await using reader = await openReader({ ...limits, entry: new URL(entry), threads: 1, onThreadEnded: () => {}, onOutput: console.log })
// With its parent goes the reason to read, and what hangs would hang on for ever.
process.once('disconnect', () => void reader[Symbol.asyncDispose]())
const [reading] = await reader.read([content])
process.send?.(reading)
