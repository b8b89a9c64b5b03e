import { maxMetadataEntries } from '../../model/document-limits.ts'
import { targetTopic } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'

function withKeywords(count: number): string {
  const keywords = '<keyword>oil</keyword>'.repeat(count)
  return `<topic id="pump">\n  <title>The pump</title>\n  <prolog><metadata><keywords>${keywords}</keywords></metadata></prolog>\n</topic>\n`
}

export const check = observationCheck({
  code: 'METADATA_LIMIT',
  severity: 'warning',
  wants: `A file has at most ${maxMetadataEntries} metadata values.`,
  why: `Only the first ${maxMetadataEntries} are kept; the others cannot be searched for.`,
  remedy: 'Remove metadata that nobody needs.',
  examples: {
    passing: { file: 'pump.dita', content: targetTopic },
    failing: {
      file: 'pump.dita',
      content: () => withKeywords(maxMetadataEntries + 1),
      shown: `(a topic with ${maxMetadataEntries + 1} keywords)`,
      at: [3, 31 + 22 * maxMetadataEntries],
      says: `The file has ${maxMetadataEntries + 1} metadata values: only the first ${maxMetadataEntries} are kept.`,
    },
  },
  words: { 'metadata-limit': ({ subject }) => `The file has ${subject} metadata values: only the first ${maxMetadataEntries} are kept.` },
})
