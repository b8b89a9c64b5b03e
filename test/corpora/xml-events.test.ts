import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { XmlError } from '../../src/dita/xml/events.ts'
import { type OracleAnswer, readWithLibxml2 } from '../dita-xml/libxml2-oracle.ts'
import { recordEvents } from '../dita-xml/record-events.ts'

const folder = process.env.ASSAY_CORPORA

const xmlExtensions = /\.(dita|ditamap|ditaval|xml|svg|html)$/i

/** Refusals that are decisions of ours, not of XML 1.0. */
const decisions = new Set(['EXTERNAL_ENTITY', 'LIMIT_ATTRIBUTES', 'LIMIT_FILE_SIZE', 'XML_VERSION'])

function listFiles(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && xmlExtensions.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function scan(bytes: Buffer): string[] | XmlError {
  try {
    return recordEvents(bytes)
  } catch (error) {
    if (error instanceof XmlError) return error
    throw error
  }
}

/** How the two readings differ, in words; `undefined` when they agree, or differ as the scanner means to. */
function difference(bytes: Buffer, result: string[] | XmlError, answer: OracleAnswer): string | undefined {
  if (result instanceof XmlError) {
    return answer.verdict === 'reject' || decisions.has(result.code) ? undefined : `refused: ${result.message}`
  }
  if (answer.verdict === 'reject') {
    // Not fatal: prefixes and entities that the DTD declares. Parameter entities are expanded by libxml2 alone.
    return answer.isFatal && !bytes.includes('<!ENTITY %') ? `accepted, but libxml2 says ${answer.message}` : undefined
  }
  const at = answer.events.findIndex((event, i) => event !== result[i])
  if (at < 0 && result.length === answer.events.length) return undefined
  return `event ${at} is ${JSON.stringify(result[at])} and not ${JSON.stringify(answer.events[at])}`
}

describe.skipIf(folder === undefined)('the scanner on the corpora', () => {
  test('tells the same events as libxml2 for every file', () => {
    if (!existsSync(folder!)) throw new Error(`ASSAY_CORPORA names ${folder}, which does not exist`)
    const files = listFiles(folder!)
    const differences: string[] = []
    let compared = 0
    for (const file of files) {
      const bytes = readFileSync(file)
      const answer = readWithLibxml2(bytes)
      if (answer.verdict === 'accept') compared++
      const found = difference(bytes, scan(bytes), answer)
      if (found !== undefined) differences.push(`${file}: ${found}`)
    }
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(files.length / 2)
    console.info(`${files.length} files read as libxml2 reads them, ${compared} of them event for event`)
  }, 600_000)
})
