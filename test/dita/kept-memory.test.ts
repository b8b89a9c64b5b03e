import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { checkDocument } from '../../src/checks/run-checks.ts'
import { readSource } from './read-source.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const documents = 90
const documentBytes = 60_000
const filling = `<p>${'word '.repeat(documentBytes / 5)}</p>`

/** Class attributes and languages are remembered for good, each with a text that is long enough to be a piece of the document. */
function read(index: number): void {
  const language = `x-language-${index}`
  checkDocument(
    readSource(
      `<topic id="t" xml:lang="${language}" class="- topic/topic module${index}/topic${index} "><title>T</title><body>${filling}</body></topic>`,
    ),
  )
}

test('nothing that is remembered keeps its document in memory', () => {
  read(0)
  collect()
  const before = process.memoryUsage().heapUsed
  for (let index = 1; index <= documents; index++) read(index)
  collect()
  expect(process.memoryUsage().heapUsed - before).toBeLessThan((documents * documentBytes) / 10)
})
