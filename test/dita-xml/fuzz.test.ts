import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { XmlError } from '../../src/dita/xml/events.ts'
import { type OracleAnswer, readWithLibxml2 } from './libxml2-oracle.ts'
import { mutate, seededRandom } from './mutate.ts'
import { recordEvents } from './record-events.ts'
import { sampleDocuments } from './sample-documents.ts'

const seed = Number(process.env.FUZZ_SEED ?? 20_250_101)
const rounds = Number(process.env.FUZZ_ROUNDS ?? 20_000)

function scan(bytes: Buffer): string[] | XmlError {
  try {
    return recordEvents(bytes, { externalEntities: 'skip' })
  } catch (error) {
    if (error instanceof XmlError) return error
    throw new Error(`not an XmlError for ${JSON.stringify(bytes.toString('latin1'))}`, { cause: error })
  }
}

/** Where the scanner refuses what libxml2 takes. */
function isRefusedOnPurpose(error: XmlError): boolean {
  // libxml2 warns of XML 1.1, and drops odd characters from the name of an encoding before it looks it up.
  return error.code === 'XML_VERSION' || error.code === 'UNSUPPORTED_ENCODING'
}

/** Where libxml2 refuses, or reads differently, what the scanner takes. */
function isKnownOfLibxml2(bytes: Buffer, answer: OracleAnswer): boolean {
  const document = bytes.toString()
  // It expands internal parameter entities, and goes on using declarations behind external ones that it has not read (against 5.1).
  if (hasParameterReference(document)) return true
  // It drops U+FEFF from the beginning of a replacement text.
  if (document.includes('\ufeff')) return true
  // "An error" to 4.2.2, which does not call it fatal.
  return answer.verdict === 'reject' && (!answer.isFatal || answer.message.startsWith('Fragment not allowed'))
}

function hasParameterReference(document: string): boolean {
  return /%[^\s"'%;]+;/.test(document)
}

test(`mutated documents are read as libxml2 reads them (${rounds} mutants of seed ${seed})`, () => {
  const random = seededRandom(seed)
  let accepted = 0
  for (let round = 0; round < rounds; round++) {
    const bytes = mutate(Buffer.from(sampleDocuments[round % sampleDocuments.length]!), random)
    const answer = readWithLibxml2(bytes)
    const result = scan(bytes)
    const shown = JSON.stringify(bytes.toString())
    if (result instanceof XmlError) {
      if (answer.verdict === 'accept' && !isRefusedOnPurpose(result)) expect.fail(`${result.message} But libxml2 accepts ${shown}`)
    } else if (!isKnownOfLibxml2(bytes, answer)) {
      if (answer.verdict === 'reject') expect.fail(`libxml2 refuses (${answer.message}) ${shown}`)
      expect(result, shown).toEqual(answer.events)
      accepted++
    }
  }
  expect(accepted).toBeGreaterThan(rounds / 20)
})

test('mutated hostile files end in a verdict', () => {
  const random = seededRandom(seed)
  const folder = new URL('../fixtures/hostile/', import.meta.url)
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  expect(files.length).toBeGreaterThan(100)
  for (const { name } of files) {
    const bytes = readFileSync(new URL(name, folder))
    for (let round = 0; round < 5; round++) scan(mutate(bytes, random))
  }
})
