/**
 * How many documents one CPU reads per second: parsing alone, with facts and references, and with their stored form.
 *
 *     node bench/dita/read.ts [folder of .dita and .ditamap files]
 *
 * Goal: 20,000 documents per CPU second for parsing with facts and references, on topics of 5.5 KB with 33 references.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeReferences } from '../../src/dita/encode-references.ts'
import { encodeTargets, targetsDigest } from '../../src/dita/encode-targets.ts'
import { readDocument } from '../../src/dita/read-document.ts'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { scanXml } from '../../src/dita/xml/scan.ts'
import { topicOfTypicalSize } from './typical-topic.ts'

interface Document {
  readonly path: string
  readonly bytes: Uint8Array
}

const rounds = 9
/** Documents read before measuring begins: on a busy machine the compiler's own thread lags behind by thousands. */
const warmUpDocuments = 6000
/** Times that the works are measured in turn, so that a busy moment of the machine meets all of them. */
const passes = 3
const goal = 20_000

function documentsOf(folder: string): Document[] {
  if (folder === '') {
    return Array.from({ length: 400 }, (_, index) => ({
      path: `/content/dam/${index}.dita`,
      bytes: Buffer.from(topicOfTypicalSize(index)),
    }))
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:dita|ditamap)$/.test(entry.name))
    .map((entry) => ({ path: `/content/dam/${entry.name}`, bytes: readFileSync(join(entry.parentPath, entry.name)) }))
}

function cpuMicroseconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!
}

const documents = documentsOf(process.argv[2] ?? '')
const bytes = documents.reduce((sum, document) => sum + document.bytes.length, 0)
const references = documents.reduce((sum, { path, bytes }) => sum + (readDocument(path, bytes).reading?.references.length ?? 0), 0)
const handler = { startElement() {}, endElement() {} }

const works: Readonly<Record<string, (document: Document) => void>> = {
  'parse only': ({ bytes }) => scanXml(openXmlSource(bytes), handler),
  'parse, facts, references': ({ path, bytes }) => void readDocument(path, bytes),
  'the same, encoded': ({ path, bytes }) => {
    const { reading } = readDocument(path, bytes)
    if (reading === null) return
    encodeReferences(reading.references)
    encodeTargets(reading.targets)
    targetsDigest(reading.targets, reading.references)
  },
}

/** CPU microseconds of one round over all documents, the median of many in this process. */
function measure(name: string): number {
  const work = works[name]!
  for (let done = 0; done < warmUpDocuments; done += documents.length) documents.forEach(work)
  return median(Array.from({ length: rounds }, () => cpuMicroseconds(() => documents.forEach(work))))
}

/** In a process of its own: two handlers in one process would make the scanner's calls of them slower than either is in production. */
function measureApart(name: string): number {
  const [script, folder = ''] = process.argv.slice(1)
  return Number(execFileSync(process.execPath, [script!, folder, name], { encoding: 'utf8' }))
}

const only = process.argv[3]
if (only !== undefined) console.log(measure(only))
else {
  const shape = `${Math.round(bytes / documents.length)} bytes and ${(references / documents.length).toFixed(1)} references`
  console.log(`${documents.length} documents of ${shape}`)
  const times = new Map(Object.keys(works).map((name) => [name, [] as number[]]))
  for (let pass = 0; pass < passes; pass++) for (const [name, values] of times) values.push(measureApart(name))
  for (const [name, values] of times) {
    const time = median(values)
    const rate = Math.round((documents.length / time) * 1e6)
    const note = name === 'parse, facts, references' ? `  goal ${goal}: ${(rate / goal).toFixed(2)}` : ''
    console.log(`${name.padEnd(26)} ${String(rate).padStart(7)} documents/s ${(bytes / time).toFixed(0).padStart(5)} MB/s${note}`)
  }
}
