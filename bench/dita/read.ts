/**
 * How many documents one CPU reads per second: parsing alone, with facts and references, with checks, and with their stored form.
 *
 *     node bench/dita/read.ts [folder of .dita and .ditamap files]
 *
 * Goals: 20,000 documents per CPU second for parsing with facts and references, on topics of 5.5 KB with 33 references. Beside `xmllint --noout`, which
 * only looks whether they are well-formed, and is asked where the machine has it: 1.5 of its speed for parsing, 0.8 with facts, references and checks.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkDocument } from '../../src/checks/run-checks.ts'
import { encodeReferences } from '../../src/dita/encode-references.ts'
import { encodeTargets, targetsDigest } from '../../src/dita/encode-targets.ts'
import { readDocument } from '../../src/dita/read-document.ts'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { scanXml } from '../../src/dita/xml/scan.ts'
import { median } from '../process-usage.ts'
import { atLeast, report } from '../report.ts'
import { openXmllint } from '../xml/xmllint.ts'
import { topicOfTypicalSize } from './typical-topic.ts'

interface Document {
  readonly path: string
  readonly bytes: Uint8Array
}

const rounds = 9
/**
 * Documents read before measuring begins. The last functions are compiled after some 12,000, on a busy machine later: a topic took 283 µs of CPU time
 * with the compiler's at first, 60 after 4,000, 50 after 6,000 and 47 from 18,000 on.
 */
const warmUpDocuments = 20_000
/** Times that the works are measured in turn, so that a busy moment of the machine meets all of them. */
const passes = 3
const [parsed, read, checked] = ['parse only', 'parse, facts, references', 'parse, facts, references, checks'] as const
/** Documents per CPU second. */
const goals: Readonly<Record<string, number>> = { [read]: 20_000 }
/** Of the speed of xmllint. */
const goalsBeside: Readonly<Record<string, number>> = { [parsed]: 1.5, [checked]: 0.8 }

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

const documents = documentsOf(process.argv[2] ?? '')
const bytes = documents.reduce((sum, document) => sum + document.bytes.length, 0)
const references = documents.reduce((sum, { path, bytes }) => sum + (readDocument(path, bytes).reading?.references.length ?? 0), 0)
const handler = { startElement() {}, endElement() {} }

const works: Readonly<Record<string, (document: Document) => void>> = {
  [parsed]: ({ bytes }) => scanXml(openXmlSource(bytes), handler),
  [read]: ({ path, bytes }) => void readDocument(path, bytes),
  [checked]: ({ path, bytes }) => {
    const { reading } = readDocument(path, bytes)
    if (reading !== null) checkDocument(reading)
  },
  'all that is stored': ({ path, bytes }) => {
    const { reading } = readDocument(path, bytes)
    if (reading === null) return
    checkDocument(reading)
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

/** Documents per CPU second of each work, and of xmllint where it is there, whose turn comes as often. */
function measureAll() {
  const times = new Map(Object.keys(works).map((name) => [name, [] as number[]]))
  const theirs: number[] = []
  using xmllint = openXmllint(documents.map(({ bytes }) => bytes))
  for (let pass = 0; pass < passes; pass++) {
    for (const [name, values] of times) {
      values.push(measureApart(name))
      if (xmllint) theirs.push(xmllint.run())
    }
  }
  const rateOf = (values: readonly number[]) => (documents.length / median(values)) * 1e6
  return { rates: [...times].map(([name, values]) => [name, rateOf(values)] as const), beside: xmllint && rateOf(theirs) }
}

const only = process.argv[3]
if (only !== undefined) console.log(measure(only))
else {
  const shape = `${Math.round(bytes / documents.length)} bytes and ${(references / documents.length).toFixed(1)} references`
  console.log(`${documents.length} documents of ${shape}, documents per CPU second`)
  const { rates, beside } = measureAll()
  for (const [name, rate] of rates) {
    const goal = goals[name]
    report(name, rate.toFixed(0), goal === undefined ? undefined : atLeast(Math.round(rate), goal))
  }
  if (beside === null) console.log('xmllint is not installed: not compared')
  else report('xmllint --noout', beside.toFixed(0))
  for (const [name, rate] of beside === null ? [] : rates) {
    const goal = goalsBeside[name]
    if (goal !== undefined) report(`${name}, of xmllint`, (rate / beside!).toFixed(2), atLeast(rate / beside!, goal))
  }
}
