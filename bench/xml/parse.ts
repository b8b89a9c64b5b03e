/**
 * Parse only: how many MB of DITA one CPU second reads, without a handler that does anything, against the parsers that could stand in its place.
 *
 *     node bench/xml/parse.ts [folder]
 *
 * Without a folder it reads documents of the size and shape of a large user guide's. Parsers take turns, so that a disturbance
 * meets all of them; CPU time of this process (of the child for xmllint) is counted, and the median of the rounds is printed.
 */
import { XmlDocument, XmlParseError } from 'libxml2-wasm'
import { SaxesParser } from 'saxes'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { scanXml } from '../../src/dita/xml/scan.ts'
import { median } from '../process-usage.ts'
import { atLeast, report } from '../report.ts'
import { readDocuments } from './documents.ts'
import { openXmllint } from './xmllint.ts'

const rounds = 7

interface Contender {
  readonly name: string
  /** The scanner's rate over this one's that we want. */
  readonly goal: number | null
  /** Reads every document once and gives the microseconds of CPU that it took. */
  run(documents: readonly Buffer[]): number
}

function counted(action: () => void): number {
  const start = process.cpuUsage()
  action()
  const { user, system } = process.cpuUsage(start)
  return user + system
}

function inProcess(name: string, goal: number | null, read: (document: Buffer) => void): Contender {
  return { name, goal, run: (documents) => counted(() => documents.forEach(read)) }
}

const silent = { startElement() {}, endElement() {} }

function readWithSaxes(document: Buffer): void {
  const parser = new SaxesParser({ xmlns: false, position: false })
  parser.on('opentag', () => {})
  parser.on('closetag', () => {})
  parser.on('error', () => {})
  parser.write(document.toString()).close()
}

/** It calls undeclared entities and prefixes errors, having read the document all the same. */
function readWithLibxml2(document: Buffer): void {
  try {
    XmlDocument.fromBuffer(document).dispose()
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error
  }
}

/** Rates in MB per CPU second, one per round. Each in-process turn reads the set as often as it takes to read about 8 MB. */
function measure(contenders: readonly Contender[], documents: readonly Buffer[], bytes: number): Map<Contender, number[]> {
  const repeats = Math.max(1, Math.round(8_000_000 / bytes))
  const rates = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]))
  for (let round = -1; round < rounds; round++) {
    for (const contender of contenders) {
      let microseconds = 0
      for (let i = 0; i < repeats; i++) microseconds += contender.run(documents)
      // The first round lets the engine compile.
      if (round >= 0) rates.get(contender)!.push((bytes * repeats) / microseconds)
    }
  }
  return rates
}

function main(): void {
  const documents = readDocuments(process.argv[2])
  if (documents.length === 0) throw new Error(`no well-formed DITA files below ${process.argv[2]}`)
  const bytes = documents.reduce((sum, document) => sum + document.length, 0)
  const ours = inProcess('assay', null, (document) => scanXml(openXmlSource(document), silent))
  using native = openXmllint(documents)
  const contenders: Contender[] = [ours, inProcess('libxml2-wasm', 2, readWithLibxml2), inProcess('saxes', 2, readWithSaxes)]
  if (native) contenders.push({ name: 'xmllint --noout', goal: 1.5, run: native.run })
  const rates = measure(contenders, documents, bytes)
  const own = median(rates.get(ours)!)
  const mean = (bytes / documents.length / 1000).toFixed(1)
  console.log(`${documents.length} documents, ${(bytes / 1e6).toFixed(2)} MB, mean ${mean} kB; ${rounds} rounds; MB per CPU second`)
  report('assay', own.toFixed(0))
  for (const [{ name, goal }, all] of rates) {
    if (goal === null) continue
    const rate = median(all)
    report(name, `${rate.toFixed(0)}: assay is ${(own / rate).toFixed(2)} times as fast`, atLeast(own / rate, goal))
  }
  if (native === null) console.log('xmllint is not installed: not compared')
}

main()
