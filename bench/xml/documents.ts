import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openXmlSource } from '../../src/dita/xml/open-source.ts'
import { scanXml } from '../../src/dita/xml/scan.ts'

const extensions = /\.(dita|ditamap)$/i

/** The well-formed DITA files below a folder; without one, topics of the size and shape of a user guide's, written on the spot. */
export function readDocuments(folder: string | undefined): Buffer[] {
  if (folder === undefined) return Array.from({ length: 400 }, (_, i) => Buffer.from(topic(i)))
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
    .filter(isWellFormed)
}

function isWellFormed(document: Buffer): boolean {
  try {
    scanXml(openXmlSource(document), { startElement() {}, endElement() {} })
    return true
  } catch {
    return false
  }
}

/** About 5.5 kB, the mean of a large public user guide, with its proportions: 60 bytes of text to an element, an attribute to every second. */
function topic(seed: number): string {
  const steps = Array.from({ length: 14 + (seed % 9) }, (_, i) => step(seed, i)).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE task PUBLIC "-//OASIS//DTD DITA Task//EN" "task.dtd">
<task id="task_${seed}" xml:lang="en-us">
  <title>Adjust the <ph conkeyref="names/unit"/> of bed ${seed}</title>
  <shortdesc>Beds differ in soil &amp; light; adjust the unit before the first watering.</shortdesc>
  <prolog><metadata><keywords><indexterm>watering<indexterm>amounts</indexterm></indexterm></keywords></metadata></prolog>
  <taskbody>
    <prereq><p>You need the <xref keyref="tools.gauge"/> and, for raised beds, the <xref href="tools-${seed % 7}.dita#tools/raised" format="dita"/>.</p></prereq>
    <steps>${steps}
    </steps>
    <result>The display shows the amount – in litres – for the coming week.</result>
  </taskbody>
</task>
`
}

function step(seed: number, i: number): string {
  const more =
    i % 4 === 0
      ? `\n        <stepxmp><codeblock outputclass="language-sh">unit --bed ${seed} --amount ${i * 3} &gt; log.txt</codeblock></stepxmp>`
      : ''
  return `
      <step id="step_${seed}_${i}">
        <cmd>Press <uicontrol>Set</uicontrol> and turn the dial to mark ${i}, then wait until the lamp is green.</cmd>${more}
        <info>The lamp blinks twice. See <xref href="../reference/lamps.dita#lamps/lamp_${i}">its meaning</xref>.</info>
      </step>`
}
