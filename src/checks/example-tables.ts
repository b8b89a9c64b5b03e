import { topicWith } from './example-documents.ts'

/** A topic with a table of two columns: its `tgroup` (with these attributes and specifications) is on line 5, its rows begin on line 7. */
export function tableWith(tgroup: string, rows: string, specifications = '<colspec colname="part"/><colspec colname="oil"/>'): string {
  return topicWith(`<table>\n  <tgroup${tgroup}>${specifications}\n    <tbody>\n      ${rows}\n    </tbody>\n  </tgroup>\n</table>`)
}

export const twoCells = '<row><entry>Gear</entry><entry>10W-40</entry></row>'
