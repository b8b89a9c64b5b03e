/** A topic of the size and density that real documentation has: 5.5 KB, 33 attributes that carry references, a table, a few ids. */
export function topicOfTypicalSize(seed: number): string {
  const links = Array.from({ length: 8 }, (_, index) => `    <link href="../chapter${index}/topic-${seed + index}.dita"/>`).join('\n')
  const steps = Array.from({ length: 8 }, (_, index) => step(seed, index)).join('\n')
  const rows = Array.from({ length: 4 }, (_, index) => row(index)).join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE task PUBLIC "-//OASIS//DTD DITA Task//EN" "task.dtd">
<task id="topic-${seed}" xml:lang="en-US">
  <title>Configuring the <keyword keyref="product"/> connection ${seed}</title>
  <shortdesc>Before the application can exchange data, both ends of the connection have to know one another.</shortdesc>
  <prolog>
    <author>Documentation team</author>
    <critdates><created date="2024-03-01"/><revised modified="2026-01-15"/></critdates>
    <metadata>
      <audience type="administrator"/>
      <keywords><keyword>connection</keyword><indexterm>configuring<indexterm>connection</indexterm></indexterm></keywords>
    </metadata>
  </prolog>
  <taskbody>
    <prereq><p conref="../reuse/warehouse.dita#warehouse/prerequisites" id="prereq-${seed}"/></prereq>
    <context><p>The settings described here are kept in <filepath>connection.properties</filepath>; see
      <xref href="../reference/settings.dita#settings/connection" format="dita"/> for all of them.</p></context>
    <steps>
${steps}
    </steps>
    <result>
      <table frame="all" id="results"><title>What to expect</title>
        <tgroup cols="2"><colspec colname="c1" colwidth="1*"/><colspec colname="c2" colwidth="2*"/>
          <thead><row><entry>Indication</entry><entry>Meaning</entry></row></thead>
          <tbody>
${rows}
          </tbody>
        </tgroup>
      </table>
    </result>
  </taskbody>
  <related-links>
${links}
  </related-links>
</task>
`
}

function step(seed: number, index: number): string {
  return `      <step id="step-${index}">
        <cmd>Open the <uicontrol>Connections</uicontrol> page of <ph keyref="product-short"/> and choose entry ${index}.</cmd>
        <info><p>The page shows the state of each end. Details are in <xref href="details-${seed}.dita#details/end-${index}"/>.</p>
          <note type="tip">Values are checked when you leave the field, not when you save the page.</note></info>
        <stepresult><image href="../images/screen-${index}.png"><alt>The connections page</alt></image></stepresult>
      </step>`
}

function row(index: number): string {
  return `            <row><entry>State ${index}</entry><entry>The other end has answered within <codeph>${index}</codeph> seconds.</entry></row>`
}
