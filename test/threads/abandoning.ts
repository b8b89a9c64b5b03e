/** Reads a content that hangs apart, and says what comes from there: to be killed meanwhile. */
import { openReader } from '../../src/threads/open-reader.ts'

const bytes = Buffer.from('<topic id="t"><title/><!-- say where and hang --></topic>')
const entry = new URL('./poison-entry.ts', import.meta.url)
await using reader = await openReader({ threads: 1, entry, onThreadEnded: () => {}, onOutput: console.log })
await reader.readApart([{ id: 1, path: '/content/dam/a.dita', size: bytes.length, bytes }], new AbortController().signal)
