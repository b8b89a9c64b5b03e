import { observationCheck } from '../observed.ts'
import { legible } from '../quoted.ts'

export const check = observationCheck({
  code: 'FRONT_MATTER_INVALID',
  severity: 'warning',
  wants: 'The block between the "---" lines at the start of a Markdown topic is YAML.',
  why: 'Id, title, author and keywords of the topic stand there. When it cannot be read, they are lost.',
  remedy: 'Repair the block. Values with ":", "#" or quotes in them must stand in quotes.',
  examples: {
    passing: { file: 'pump.md', content: '---\nid: pump\ntitle: "The pump: care"\n---\n\n# The pump\n' },
    failing: {
      file: 'pump.md',
      content: '---\nid: pump\ntitle: The pump: care\n---\n\n# The pump\n',
      at: [1, 1],
      says: 'The front matter cannot be read as YAML: Nested mappings are not allowed in compact mappings.',
    },
  },
  words: { 'front-matter-invalid': ({ subject }) => `The front matter cannot be read as YAML: ${legible(subject)}.` },
})
